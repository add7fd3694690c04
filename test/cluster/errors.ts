/** An error that the person who runs the test has to fix: printed without a stack trace. */
export class UserError extends Error {}
