/** What the person who runs the test has to fix: printed as it is, without a stack trace. */
export class UserError extends Error {}
