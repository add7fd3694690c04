import { z } from "zod";
import { list, pattern, text } from "../values";

/**
 * Single sign-on of the team's pages (Grafana, logs, traces): one OpenID Connect client for all of them. The load
 * balancer refuses requests without a session.
 */

/** Address of an identity provider. The load balancer accepts no other scheme, and only port 443 is open. */
const address = pattern(
  /^https:\/\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(\/[\w.~%/-]*)?$/,
  'an https:// address without a port or a query, such as "https://login.example.com/token"',
);

const groups = (role: string) =>
  list(text("the name of a group"), "a list of groups").describe(
    `Groups of the identity provider whose members become ${role} in Grafana.`,
  );

export const signOn = z.strictObject({
  issuer: address.describe(
    "Issuer, exactly as the provider's /.well-known/openid-configuration has it. https only.",
  ),
  authorizationEndpoint: address.describe("`authorization_endpoint` of that document."),
  tokenEndpoint: address.describe("`token_endpoint` of that document."),
  userInfoEndpoint: address.describe(
    "`userinfo_endpoint` of that document. It must answer with the claims email and `groupsClaim`.",
  ),
  client: pattern(/^[\w/+=.@-]+$/, "the name of a Secrets Manager entry", 512).describe(
    'Secrets Manager entry with the client: `{"clientID":…,"clientSecret":…}`. Its name starts with the environment\'s prefix.',
  ),
  scopes: list(pattern(/^[\w:./-]{1,64}$/, 'a scope, such as "groups"'), "a list of scopes", { min: 1 })
    .default(["openid", "email", "profile"])
    .refine((scopes) => scopes.includes("openid"), { error: "a list with openid" })
    .describe(
      "Scopes that are asked for. Some providers send groups for one of their own. Default: openid, email, profile.",
    ),
  groupsClaim: pattern(/^[A-Za-z][\w-]{0,63}$/, 'the name of a claim, such as "groups"')
    .default("groups")
    .describe("Claim that lists a person's groups. Default: groups."),
  groups: z
    .strictObject({
      admin: groups("Admin").default([]),
      editor: groups("Editor").default([]),
      viewer: groups("Viewer").default([]),
    })
    .refine((value) => Object.values(value).some((each) => each.length > 0), {
      error: "at least one group: users in none of them are refused",
    })
    .describe("Who may do what in Grafana. A person in none of the groups is refused."),
});

export type SignOnSettings = z.output<typeof signOn>;
