import assert from "node:assert/strict";
import * as fc from "fast-check";
import { smtpPassword } from "../../../components/messaging/smtp-password";

/**
 * The first four: test vectors of the Terraform AWS provider, `TestSESSMTPPasswordFromSecretKeySigV4`. The last:
 * computed independently in Python, by the scheme in the SES developer guide.
 */
const vectors = [
  ["eu-central-1", "some+secret+key", "BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2"],
  ["eu-central-1", "another+secret+key", "BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh"],
  ["us-west-1", "some+secret+key", "BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj"],
  ["us-west-1", "another+secret+key", "BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF"],
  ["ap-northeast-2", "some+secret+key", "BKI+YXNMG2HFFy3+0ByIbMsaVNz75poLFH4/IHhdfR4i"],
] as const;

describe("SMTP password of an access key", () => {
  for (const [region, secret, password] of vectors)
    it(`is AWS's own in ${region} for ${secret}`, () => assert.equal(smtpPassword(secret, region), password));

  it("is 33 bytes that begin with the scheme's version, whatever the key", () => {
    fc.assert(
      fc.property(fc.string(), (secret) => {
        const bytes = Buffer.from(smtpPassword(secret, "ap-northeast-2"), "base64");
        assert.equal(bytes.length, 33);
        assert.equal(bytes[0], 4);
      }),
    );
  });
});
