import { systems } from "../../test/preview/fixtures/programs/systems";

/** The seam for the bench: registers so many copies of the systems, in any environment. */
export function program(copies: number): unknown {
  return systems(copies);
}
