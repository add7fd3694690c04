"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), attributes);
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // The plan is kept compressed: base64 of gzip.
  const bytes = Uint8Array.from(atob($("data").textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const resources = await new Response(stream).json();
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = new Map();
  for (const [index, resource] of resources.entries()) {
    resource.index = index;
    if (!children.has(resource.parent)) children.set(resource.parent, []);
    children.get(resource.parent).push(resource);
  }
  const below = (resource) =>
    (children.get(resource.index) ?? []).flatMap((child) => [child, ...below(child)]);

  const items = [...document.querySelectorAll(".item")];
  const edges = [...document.querySelectorAll(".edge")];

  /* Details of what is chosen. */
  let chosenFrom;
  function show(id) {
    const content = $("detail-content");
    content.replaceChildren();
    const resource = byUrn.get(id);
    for (const item of items) item.classList.toggle("chosen", item.dataset.id === id);
    content.append(make("h2", resource?.name ?? id), make("p", resource?.type ?? ""));
    if (resource !== undefined) {
      if (resource.protect) content.append(make("p", "protected: Pulumi refuses to delete it"));
      const group = resource.custom ? [resource] : [resource, ...below(resource)];
      reached(content, id);
      const findings = group.flatMap((each) =>
        each.findings.map((finding) => ({ ...finding, of: each.name })),
      );
      content.append(make("h3", "Policies"));
      if (findings.length === 0) content.append(make("p", "No policy is violated."));
      for (const { level, policy, message, remediation, of } of findings)
        content.append(make("p", `${level} ${policy} (${of}): ${message} ${remediation}`));
      const rows = [...new Set(group.flatMap((each) => each.rows))];
      if (rows.length > 0) {
        const line = make("p", "Requirements: ");
        for (const row of rows) line.append(make("a", row, { href: `#row-${row}` }), " ");
        content.append(line);
      }
      content.append(make("h3", "Inputs"));
      for (const each of group.filter(({ custom }) => custom)) {
        const part = make("details", undefined, { open: group.length === 1 });
        part.append(
          make("summary", `${each.type.split(":").at(-1)} ${each.name}`),
          make("pre", JSON.stringify(each.inputs, null, 2)),
        );
        content.append(part);
      }
    }
    $("detail").hidden = false;
    $("close").focus();
  }
  function reached(content, id) {
    const lines = edges
      .filter(({ dataset }) => dataset.from === id || dataset.to === id)
      .map((edge) => edge.querySelector("title").textContent);
    if (lines.length === 0) return;
    content.append(make("h3", "Reaches and is reached"), make("ul"));
    for (const line of lines) content.lastChild.append(make("li", line));
  }
  function close() {
    $("detail").hidden = true;
    for (const item of items) item.classList.remove("chosen");
    chosenFrom?.focus();
  }
  const choose = (target) => {
    const button = target.closest?.("[data-id]");
    if (button === null || button === undefined) return false;
    chosenFrom = button;
    show(button.dataset.id);
    return true;
  };
  document.addEventListener("click", (event) => choose(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("detail").hidden) close();
    const isItem = event.target.classList?.contains("item");
    if (isItem && (event.key === "Enter" || event.key === " ") && choose(event.target))
      event.preventDefault();
  });
  $("close").addEventListener("click", close);

  /* Search and filter: what doesn't match fades. */
  function filter() {
    const [words, system] = [$("search").value.trim().toLowerCase(), $("system").value];
    const matching = new Set();
    for (const item of items) {
      const text = item.getAttribute("aria-label").toLowerCase();
      const matches = text.includes(words) && (system === "" || item.dataset.system === system);
      item.classList.toggle("faded", !matches);
      if (matches) matching.add(item.dataset.id);
    }
    for (const edge of edges)
      edge.classList.toggle("faded", !matching.has(edge.dataset.from) && !matching.has(edge.dataset.to));
    $("matches").textContent = words === "" && system === "" ? "" : `${matching.size} found`;
  }
  $("search").addEventListener("input", filter);
  $("system").addEventListener("change", filter);

  /* Zoom by buttons, keys and wheel; move by dragging. */
  const picture = $("picture");
  const whole = picture.getAttribute("viewBox").split(" ").map(Number);
  let view = [...whole];
  const draw = () => picture.setAttribute("viewBox", view.join(" "));
  function zoom(factor, [x, y] = [0.5, 0.5]) {
    const [left, top, width, height] = view;
    view = [
      left + width * x * (1 - factor),
      top + height * y * (1 - factor),
      width * factor,
      height * factor,
    ];
    draw();
  }
  $("zoom-in").addEventListener("click", () => zoom(0.8));
  $("zoom-out").addEventListener("click", () => zoom(1.25));
  $("zoom-all").addEventListener("click", () => {
    view = [...whole];
    draw();
  });
  picture.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top, width, height } = picture.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 0.9 : 1.1, [(event.clientX - left) / width, (event.clientY - top) / height]);
    },
    { passive: false },
  );
  let drag;
  picture.addEventListener("pointerdown", (event) => (drag = [event.clientX, event.clientY, ...view]));
  picture.addEventListener("pointermove", (event) => {
    if (drag === undefined || event.buttons === 0) return;
    const { width, height } = picture.getBoundingClientRect();
    const scale = Math.max(view[2] / width, view[3] / height);
    view[0] = drag[2] - (event.clientX - drag[0]) * scale;
    view[1] = drag[3] - (event.clientY - drag[1]) * scale;
    draw();
  });
  window.addEventListener("pointerup", () => (drag = undefined));

  /* The tree of components. */
  function branch(resource) {
    const inner = children.get(resource.index) ?? [];
    const label = make("button", resource.name, { type: "button", className: "link" });
    label.dataset.id = resource.urn;
    const type = make("span", ` ${resource.type.split(":").at(-1)}`);
    if (inner.length === 0) {
      const line = make("div");
      line.append(label, type);
      return line;
    }
    const part = make("details", undefined, { open: resource.parent < 0 });
    const summary = make("summary");
    summary.append(label, type);
    part.append(summary);
    // What is closed is made when it is opened.
    const fill = () => part.open && part.children.length === 1 && part.append(...inner.map(branch));
    part.addEventListener("toggle", fill);
    fill();
    return part;
  }
  const tree = $("tree");
  const roots = () => (children.get(-1) ?? []).map(branch);
  tree.append(...roots());
  $("tree-search").addEventListener("input", ({ target }) => {
    const words = target.value.trim().toLowerCase();
    if (words === "") return tree.replaceChildren(...roots());
    const found = resources.filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(words));
    tree.replaceChildren(
      make("p", `${found.length} found`),
      ...found.slice(0, 200).map((each) => {
        const line = make("div");
        const label = make("button", each.name, { type: "button", className: "link" });
        label.dataset.id = each.urn;
        line.append(label, make("span", ` ${each.type}`));
        return line;
      }),
    );
  });
  document.documentElement.dataset.ready = "true";
})();
