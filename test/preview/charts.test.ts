import assert from "node:assert/strict";
import { parse } from "yaml";
import { charts } from "../../preview/report/charts";
import { manifests, type Manifest } from "../../preview/report/manifests";
import { catalog, recordingOf } from "../support/frozen";

/** Renders the templates as Helm does; they use only these two actions. */
function rendered(text: string, images: Record<string, string>): string {
  return text
    .replaceAll(/\{\{ index \.Values\.images "([^"]+)" \| quote \}\}/g, (_, key: string) =>
      JSON.stringify(images[key] ?? assert.fail(`no image ${key}`)),
    )
    .replaceAll(/\{\{ "(\{\{|\}\})" \}\}/g, "$1");
}

describe("charts of the systems", () => {
  let written: Manifest[];
  let files: Map<string, string>;
  before(async () => {
    const recording = await recordingOf("prod");
    written = manifests(recording);
    files = new Map(charts(written, recording).map(({ file, text }) => [file, text]));
  });
  const text = (file: string) => files.get(file) ?? assert.fail(`no ${file}`);

  for (const name of Object.keys(catalog)) {
    it(`${name}: has the files that Helm requires`, () => {
      const head = parse(text(`${name}/Chart.yaml`)) as Record<string, string>;
      assert.deepEqual([head.apiVersion, head.name, head.type], ["v2", name, "application"]);
      assert.match(head.version ?? "", /^\d+\.\d+\.\d+$/);
      text(`${name}/values.yaml`);
    });

    it(`${name}: renders to its manifests, with its own images`, () => {
      const { images } = parse(text(`${name}/values.yaml`)) as { images: Record<string, string> };
      const templates = [...files].filter(([file]) => file.startsWith(`${name}/templates/`));
      const known = new Map(written.map(({ file, object }) => [file.replace("/", "-"), object]));
      assert.ok(templates.length > 20);
      for (const [file, template] of templates)
        assert.deepEqual(
          parse(rendered(template, images)),
          JSON.parse(JSON.stringify(known.get(file.split("/").at(-1) ?? ""))),
          file,
        );
      assert.ok(Object.keys(images).some((key) => key.endsWith("/api") || key.endsWith("/management-api")));
    });
  }

  it("contain each object of a system once, and no operator", () => {
    const templates = [...files.keys()].filter((file) => file.includes("/templates/"));
    const names = templates.map((file) => file.split("/").at(-1));
    assert.equal(new Set(names).size, names.length);
    assert.ok(templates.length < written.length);
    assert.ok(
      !templates.some((file) =>
        /nodepool|templates\/(keda|monitoring|reloader)-(?!prometheusrule)/.test(file),
      ),
    );
  });

  it("name the other charts that the system needs", () => {
    assert.match(text("opmas/README.md"), /chart `nats`/);
    assert.doesNotMatch(text("ams/README.md"), /Besides/);
  });
});
