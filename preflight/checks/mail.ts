import { advice, stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

const mailOf = ({ settings }: Plan) =>
  Object.values(settings.systems).flatMap((system) => Object.values(system?.stores.mail ?? {}));

/** Checks that SES, if used, isn't in its sandbox. */
export async function mailSandbox(plan: Plan, { aws }: World): Promise<Finding[]> {
  if (!mailOf(plan).some(({ kind }) => kind === "ses")) return [];
  const { ProductionAccessEnabled } = await aws<{ ProductionAccessEnabled: boolean }>("sesv2", "get-account");
  return ProductionAccessEnabled
    ? []
    : [
        advice(
          "SES",
          "the account is in the sandbox, which only sends to verified addresses",
          "request production access for SES",
        ),
      ];
}

/** Checks that the secrets with manually created SMTP credentials exist. */
export async function mailCredentials(plan: Plan, { aws }: World): Promise<Finding[]> {
  const entries = new Set(mailOf(plan).flatMap((mail) => (mail.kind === "smtp" ? [mail.credentials] : [])));
  const found = await Promise.all(
    [...entries].map(async (name) => {
      try {
        await aws("secretsmanager", "describe-secret", "--secret-id", name);
        return [];
      } catch (error) {
        if ((error as { code?: string }).code !== "ResourceNotFoundException") throw error;
        const todo = `aws secretsmanager create-secret --name ${name} --secret-string '{"user":"…","password":"…"}'`;
        return [stops(`secret ${name}`, "it doesn't exist", todo)];
      }
    }),
  );
  return found.flat();
}
