import assert from "node:assert/strict";
import { unknownCheckingProxy, UnknownValueError } from "@pulumi/policy";
import * as sdkProxy from "@pulumi/policy/proxy";
import fc from "fast-check";
import { quantity } from "../../standards/quantity";
import { allowsAnyone, covers, statements } from "../../policies/lib/statements";
import { isModernTlsPolicy } from "../../policies/lib/tls";
import { each, isGiven, isLater, mapKnown, plain, valuesAt } from "../../policies/lib/wire";
import { unknown } from "./scenario";

describe("quantity", () => {
  const cases: [string | number | undefined, number | undefined][] = [
    ["250m", 0.25],
    ["0.5", 0.5],
    [".5", 0.5],
    ["2", 2],
    [2, 2],
    ["1Ki", 1024],
    ["1k", 1000],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["1e3", 1000],
    ["12E", 12e18],
    ["1K", undefined],
    ["Mi", undefined],
    ["1 Gi", undefined],
    ["", undefined],
    [undefined, undefined],
  ];
  for (const [text, value] of cases) {
    it(`${JSON.stringify(text)} is ${value}`, () => assert.equal(quantity(text), value));
  }

  it("preserves the order of quantities with the same unit", () => {
    const unit = fc.constantFrom("", "m", "k", "M", "Ki", "Mi", "Gi");
    fc.assert(
      fc.property(fc.nat(), fc.nat(), unit, (a, b, suffix) => {
        assert.equal((quantity(`${a}${suffix}`) ?? NaN) > (quantity(`${b}${suffix}`) ?? NaN), a > b);
      }),
    );
  });
});

describe("statements", () => {
  it("reads single values and lists of statements and actions", () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: ["*"], Principal: { AWS: "*" } };
    const single = statements({ Statement: statement });
    assert.deepEqual(
      single,
      statements(JSON.stringify({ Statement: [{ ...statement, Action: ["s3:GetObject"] }] })),
    );
    assert.ok(single?.every(allowsAnyone));
  });

  for (const nothing of [undefined, null, "", "{", "[]", "null", 3]) {
    it(`finds no document in ${JSON.stringify(nothing)}`, () => assert.equal(statements(nothing), undefined));
  }

  it("doesn't treat a service or a conditional statement as public", () => {
    const service = { Effect: "Allow", Principal: { Service: "*" }, Action: "*" };
    const bounded = {
      Effect: "Allow",
      Principal: "*",
      Action: "*",
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    };
    const loose = { ...bounded, Condition: { Bool: { "aws:SecureTransport": "true" } } };
    assert.deepEqual(statements({ Statement: [service, bounded, loose] })?.map(allowsAnyone), [
      false,
      false,
      true,
    ]);
  });

  it("supports exactly IAM's wildcards", () => {
    assert.ok(
      covers("iam:Pass*", "iam:PassRole") && covers("IAM:passrol?", "iam:PassRole") && covers("*", "a:b"),
    );
    assert.ok(!covers("iam.PassRole", "iam:PassRole") && !covers("iam:Pass", "iam:PassRole"));
  });
});

describe("TLS policies of load balancers", () => {
  const cases: [string, boolean][] = [
    ["ELBSecurityPolicy-TLS13-1-2-2021-06", true],
    ["ELBSecurityPolicy-TLS13-1-3-2021-06", true],
    ["ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", true],
    ["ELBSecurityPolicy-TLS13-1-1-2021-06", false],
    ["ELBSecurityPolicy-TLS13-1-0-2021-06", false],
    ["ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", false],
    ["ELBSecurityPolicy-2016-08", false],
    ["", false],
  ];
  for (const [name, modern] of cases) {
    it(`${name} is ${modern ? "" : "not "}modern`, () => assert.equal(isModernTlsPolicy(name), modern));
  }
});

describe("values that a preview can't know", () => {
  const proxied = <T extends object>(value: T) => unknownCheckingProxy(value) as T;

  it("count as set, unlike undefined, null and empty text", () => {
    const holder = proxied({ key: unknown, none: null, empty: "", zero: 0 });
    assert.deepEqual(
      (["key", "none", "empty", "zero"] as const).map((key) => isGiven(holder, key)),
      [true, false, false, true],
    );
    assert.equal(isGiven(undefined, "key" as never), false);
  });

  it("don't keep `each` from other items, and are rethrown at the end", () => {
    const seen: string[] = [];
    const list = proxied([{ v: "a" }, { v: unknown }, { v: "c" }]);
    assert.throws(() => each(list, ({ v }) => seen.push(v)), UnknownValueError);
    assert.deepEqual(seen, ["a", "c"]);
  });

  it("are recognized in plain form, for all types", () => {
    const marks = Object.entries(sdkProxy).filter(([name]) => /^unknown\w+Value$/.test(name));
    assert.equal(marks.length, 7);
    for (const [name, mark] of marks) assert.ok(isLater(mark), name);
    assert.deepEqual(valuesAt(plain(proxied({ list: [{ a: 1 }, { a: unknown }, {}] })), "list[].a"), [
      { value: 1, path: "list[0].a" },
      { value: unknown, path: "list[1].a" },
      { value: undefined, path: "list[2].a" },
    ]);
  });

  it("are omitted by `mapKnown`, which rethrows all other errors", () => {
    const list = proxied([{ v: "a" }, { v: unknown }, { v: "c" }]);
    assert.deepEqual(
      mapKnown(list, ({ v }) => v),
      ["a", "c"],
    );
    const fail = () => {
      throw new TypeError("other");
    };
    assert.throws(() => mapKnown(list, fail), TypeError);
    assert.throws(() => each(list, fail), TypeError);
  });
});
