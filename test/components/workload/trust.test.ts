import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { amazonAuthorities } from "../../../components/workload/trust/authorities-amazon";
import { rdsAuthorities } from "../../../components/workload/trust/authorities-rds";
import { trustFiles } from "../../../components/workload/trust";

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
const inAYear = Date.now() + 365 * 24 * 60 * 60 * 1000;

describe("certificate authorities of databases", () => {
  it("are self-signed roots that are valid for at least another year", () => {
    for (const pem of [...amazonAuthorities, ...Object.values(rdsAuthorities).flat()]) {
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.ca, certificate.subject);
      assert.ok(certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey));
      assert.ok(Date.parse(certificate.validTo) > inAYear, `${certificate.subject}: ${certificate.validTo}`);
    }
  });

  it("of Amazon are in Node.js' trust store", () => {
    const known = new Set(rootCertificates.map(fingerprint));
    for (const pem of amazonAuthorities) assert.ok(known.has(fingerprint(pem)));
  });

  it("of RDS are those of each region, the one of new instances first", () => {
    for (const [region, pems] of Object.entries(rdsAuthorities)) {
      const subjects = pems.map((pem) => new X509Certificate(pem).subject);
      for (const [index, kind] of ["RSA2048", "RSA4096", "ECC384"].entries())
        assert.match(subjects[index] ?? "", new RegExp(`CN=Amazon RDS ${region} Root CA ${kind} G1`));
    }
  });

  it("are in one file together, and one in a separate file", () => {
    const files = trustFiles("ap-northeast-2");
    assert.equal(files["bundle.pem"].match(/BEGIN CERTIFICATE/g)?.length, 8);
    for (const file of ["rds.pem", "amazon.pem"] as const)
      assert.equal(files[file].match(/BEGIN CERTIFICATE/g)?.length, 1, file);
    assert.match(new X509Certificate(files["amazon.pem"]).subject, /CN=Amazon Root CA 1$/m);
  });

  it("of an unknown region fail with its name", () => {
    assert.throws(() => trustFiles("eu-north-1"), /No RDS certificate authorities for eu-north-1/);
  });
});
