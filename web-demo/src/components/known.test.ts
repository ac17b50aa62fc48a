import { describe, expect, it } from "vitest";
import { isKnown } from "./known";

const transfer = (data: { transfer: object | null }) => data.transfer;
const none = { data: { transfer: null } };

describe("what a query has answered", () => {
  it("can be shown as soon as its subject is there, whatever else is wrong or still to come", () => {
    expect(isKnown({ data: { transfer: {} }, error: new Error("UNAVAILABLE"), stale: true }, transfer)).toBe(true);
  });

  it("says that there is none only where the API has said so", () => {
    expect(isKnown({ ...none, stale: false }, transfer)).toBe(true);
    expect(isKnown({ ...none, stale: true }, transfer)).toBe(false);
    expect(isKnown({ ...none, error: new Error("UNAVAILABLE") }, transfer)).toBe(false);
  });

  it("is nothing before the first answer, and where there are errors only", () => {
    expect(isKnown({}, transfer)).toBe(false);
    expect(isKnown({ data: null, error: new Error("UNAVAILABLE") }, transfer)).toBe(false);
  });
});
