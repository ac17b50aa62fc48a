import { describe, expect, it } from "vitest";
import { PEOPLE_MAX, recentPeople } from "./people";

const side = (id: string) => ({ owner: { id, handle: id, displayName: id.toUpperCase() } });
const between = (from: string, to: string) => ({ from: side(from), to: side(to) });

describe("recent people", () => {
  it("are the others of the latest transfers, once each", () => {
    const transfers = [between("me", "bob"), between("cleo", "me"), between("bob", "me")];
    expect(recentPeople(transfers, "me").map((one) => one.id)).toEqual(["bob", "cleo"]);
  });

  it("are a few", () => {
    const many = Array.from({ length: 9 }, (_, number) => between("me", `p${String(number)}`));
    expect(recentPeople(many, "me")).toHaveLength(PEOPLE_MAX);
  });
});
