import { escape } from "./escape";
import { CHARACTER, type Picture } from "./layout";

/** Space around what is drawn, in pixels. */
const MARGIN = 10;

/** The picture as SVG. Selectable items are reachable by keyboard and have a label. */
export function svg({ width, height, boxes, items, edges }: Picture): string {
  const labels = new Map(
    items.map(({ id, label, system }) => [id, label.startsWith(system) ? label : `${system} ${label}`]),
  );
  return [
    `<svg id="picture" viewBox="${-MARGIN} ${-MARGIN} ${Math.ceil(width) + 2 * MARGIN} ${Math.ceil(height) + 2 * MARGIN}" role="group" aria-label="Architecture">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    '<g id="view">',
    ...boxes.map(
      ({ x, y, width, height, label }) =>
        `<g class="box"><rect x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}" rx="6"/><text x="${r(x + 12)}" y="${r(y + 20)}">${escape(label)}</text></g>`,
    ),
    ...edges.map(({ from, to, label, kind, points }) => {
      const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${r(x)} ${r(y)}`).join("");
      const title = `${labels.get(from) ?? ""} → ${labels.get(to) ?? ""}: ${label}`;
      return `<path class="edge ${kind}" data-from="${escape(from)}" data-to="${escape(to)}" d="${path}" marker-end="url(#arrow)"><title>${escape(title)}</title></path>`;
    }),
    ...items.map(({ id, kind, label, note, system, x, y, width, height }) => {
      const lines = [label, note].filter((line) => line !== "");
      const middle = y + height / 2 + (lines.length === 1 ? 5 : -3);
      const text = lines
        .map(
          (line, index) =>
            `<text x="${r(x + 10)}" y="${r(middle + index * 16)}" class="line${index}">${escape(fit(line, width))}</text>`,
        )
        .join("");
      return `<g class="item ${kind}" tabindex="0" role="button" data-id="${escape(id)}" data-system="${escape(system)}" aria-label="${escape([kind, system, ...lines].filter(Boolean).join(", "))}"><rect x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}" rx="5"/>${text}</g>`;
    }),
    "</g></svg>",
  ].join("\n");
}

const r = (value: number) => Math.round(value * 10) / 10;

/** As many characters as fit. */
const fit = (text: string, width: number) => {
  const room = Math.floor((width - 20) / CHARACTER);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
};
