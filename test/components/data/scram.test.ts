import assert from "node:assert/strict";
import { scramVerifier } from "../../../components/data/credentials/scram";
import { otherLogin } from "../../../components/data/credentials/logins";

describe("scramVerifier", () => {
  it("is PostgreSQL's verifier (the example of RFC 7677, in PostgreSQL's spelling)", () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    assert.equal(
      scramVerifier("pencil", salt),
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});

describe("otherLogin", () => {
  it("is the same role's other one", () => {
    assert.equal(otherLogin("ams_a"), "ams_b");
    assert.equal(otherLogin("ams_read_b"), "ams_read_a");
  });

  it("refuses a name that isn't a login's", () => {
    for (const name of ["plinth", "ams_c", "Ams_a", 'ams"_a', "_a"])
      assert.throws(() => otherLogin(name), /isn't a login/);
  });
});
