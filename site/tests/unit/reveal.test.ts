import assert from "node:assert/strict";
import { test } from "node:test";
import { reveal } from "../../src/state/reveal.ts";

test("characters that are not what they seem are written as their codes, as in the pages without scripts", () => {
  for (const [text, want] of [
    ["arn:aws:s3:::acme/*", "arn:aws:s3:::acme/*"],
    ["Отчёт für Zoë, 報告書, S3バケット, تقرير", "Отчёт für Zoë, 報告書, S3バケット, تقرير"],
    ["IAM-роль", "IAM-роль"],
    ["user/\u202egnp.exe", "user/\\u{202E}gnp.exe"],
    ["ad\u200bmin\ufeff", "ad\\u{200B}min\\u{FEFF}"],
    ["a\u3164b\u2800", "a\\u{3164}b\\u{2800}"],
    ["a\u2003b", "a\\u{2003}b"],
    ["10\u00a0%", "10\u00a0%"],
    ["\u{e0041}", "\\u{E0041}"],
    ["user/аdmin", "user/\\u{0430}dmin"],
    ["user/сор", "user/\\u{0441}\\u{043E}\\u{0440}"],
    ["сор", "сор"],
    ["s3：Ｇet", "s3\\u{FF1A}\\u{FF27}et"],
    ["acme∕x∗", "acme\\u{2215}x\\u{2217}"],
    ["𝐀dmin", "\\u{1D400}dmin"],
    ["e\u0301", "e\u0301"],
    ["👩‍💻 works", "👩\\u{200D}💻 works"],
  ] as const) assert.equal(reveal(text), want);
});

test("what is revealed once stays as it is", () => {
  for (const text of ["user/аdmin\u202e", "сор∗x"]) assert.equal(reveal(reveal(text)), reveal(text));
});

test("a long text of look-alikes is read in one go", () => assert.ok(reveal("аa".repeat(100_000)).startsWith("\\u{0430}a")));
