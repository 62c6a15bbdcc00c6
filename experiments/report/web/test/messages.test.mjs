// Messages: found, chosen by keyboard, followed, laid beside another run; tables as files; addresses that lead to them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { csvOf, fixture, Reader, settled } from "./support.mjs";

let reader;
before(async () => {
  reader = await Reader.start();
});
after(() => reader.stop());

async function reading(data, options, story) {
  const page = await reader.open(data, options);
  try {
    await story(page);
    assert.deepEqual(page.wrong, []);
  } finally {
    await page.context().close();
  }
}

const count = (page, selector) => page.locator(selector).count();
const rowsOf = (page, name) => count(page, `[data-table="${name}"] tbody tr`);

describe("a message", () => {
  it("is found by text, fate and article", () =>
    reading(fixture("compare"), {}, async (page) => {
      const all = await rowsOf(page, "messages-unfixed");
      await page.getByLabel("Search").fill("NORTHWIND");
      const some = await rowsOf(page, "messages-unfixed");
      assert.ok(some > 0 && some < all, `${some} of ${all}`);
      assert.match(await page.innerText("#messages [role=status]"), new RegExp(`^${some} of ${all} messages match`));
      await page.getByLabel("Search").fill("no such words");
      assert.equal(await rowsOf(page, "messages-unfixed"), 0);
      assert.match(await page.innerText("[data-table=messages-unfixed]"), /No message matches/);
      await page.getByLabel("Search").fill("");
      await page.getByLabel("Fate").selectOption("returned");
      assert.deepEqual(await page.$$eval("button.choose", (all) => all.map((one) => one.textContent)), [
        "update",
        "cancel",
      ]);
      await page.getByLabel("Fate").selectOption("");
      await page.getByLabel("Article", { exact: true }).selectOption("KB938650");
      const ruled = fixture("compare").runs[0].messages.filter((one) =>
        one.recipients.some((r) => r.ruled_by.length > 0),
      );
      assert.equal(await rowsOf(page, "messages-unfixed"), ruled.length);
    }));

  it("is chosen by keyboard and followed", () =>
    reading(fixture("compare"), {}, async (page) => {
      await page.getByLabel("Search").focus();
      for (let i = 0; i < 30; ++i) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement.matches("button.choose"))) break;
      }
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "invite");
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Home");
      for (let i = 0; i < 4; ++i) await page.keyboard.press("ArrowDown");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "accept");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".message h3:has-text('accept')");
      assert.match(page.url(), /#run=unfixed&message=accept$/);
      assert.equal(await page.getAttribute("button.choose:has-text('accept') >> nth=0", "aria-pressed"), "true");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "accept", "focus stays in the list");
      assert.ok((await count(page, ".sequence .lanes text")) >= 3);
      assert.ok((await count(page, ".sequence .arrow.command")) > 3);
      assert.ok((await count(page, ".sequence .arrow.reply")) > 3);
      assert.ok((await count(page, ".sequence rect.event")) > 3);
    }));

  it("has a lane for each node, and arrows that go from the one who speaks", () =>
    reading(fixture("one_run"), { hash: "#run=unfixed&message=m1" }, async (page) => {
      const lanes = await page.$$eval(".lanes text", (all) =>
        all.map((one) => ({ name: one.lastChild.data, x: one.x.baseVal[0].value })),
      );
      assert.deepEqual(
        lanes.map((one) => one.name),
        ["EX1", "mx.fabrikam.com"],
      );
      const [from, to] = lanes.map((one) => one.x);
      const spoken = await page.$$eval(".sequence g:has(> .arrow)", (all) =>
        all.map((one) => {
          const line = one.querySelector(".arrow");
          return { words: one.querySelector("text").textContent, x1: line.x1.baseVal.value, x2: line.x2.baseVal.value };
        }),
      );
      const data = spoken.find((one) => one.words === "DATA");
      assert.ok(data.x1 === from && Math.abs(data.x2 - to) < 10, JSON.stringify(data));
      const answer = spoken.find((one) => one.words === "354-Line 1");
      assert.ok(answer.x1 === to && Math.abs(answer.x2 - from) < 10, JSON.stringify(answer));
      assert.match(await page.innerText(".message"), /Could not deliver the message in the time limit/);
      assert.ok((await count(page, ".sequence .ruled")) > 0, "the ruling stands out");
    }));

  it("says how many attempts a folded round stands for", () =>
    reading(fixture("one_run"), { hash: "#run=unfixed&message=m1" }, async (page) => {
      const story = fixture("one_run").runs[0].messages[0].story;
      const said = await page.$$eval("details.round[data-folded] summary", (all) => all.map((one) => one.textContent));
      const folded = story.filter((round) => round.last > round.first);
      assert.ok(folded.length > 0);
      assert.equal(said.length, folded.length);
      folded.forEach((round, i) =>
        assert.match(said[i], new RegExp(`^attempts ${round.first} to ${round.last}, same answer`)),
      );
      assert.ok((await count(page, "details.round[open]")) > 0);
      await page.getByRole("button", { name: "Fold all", exact: true }).click();
      assert.equal(await count(page, "details.round[open]"), 0);
      await page.locator("details.round summary").first().focus();
      await page.keyboard.press("Enter");
      assert.equal(await count(page, "details.round[open]"), 1);
      await page.getByRole("button", { name: "Unfold all" }).click();
      assert.equal(await count(page, "details.round[open]"), story.length);
    }));

  it("tells lines that come again once, and how often they did", () => {
    const data = fixture("one_run");
    const again = (i) => [
      { t: 600 * i, node: "EX1", kind: "convert", words: "m1 to MIME: no", articles: [] },
      {
        t: 600 * i,
        node: "EX1",
        kind: "defer",
        words: `m1 until 0:${10 + i}:00, ${i + 1} attempts so far`,
        articles: [],
      },
    ];
    const round = {
      ...data.runs[0].messages[0].story[0],
      lines: Array.from({ length: 40 }, (_, i) => again(i)).flat(),
    };
    data.runs[0].messages[0].story = [round];
    return reading(data, { hash: "#run=unfixed&message=m1" }, async (page) => {
      assert.equal(await count(page, ".sequence rect.event"), 2);
      assert.equal(await page.textContent(".sequence text.more"), "… 39 more like this, until 6:30:00");
      await page.getByText("The story as a table").click();
      assert.equal(await rowsOf(page, "story-unfixed-m1"), 80);
    });
  });

  it("is told as a table that says the same", () =>
    reading(fixture("one_run"), { hash: "#run=unfixed&message=m1" }, async (page) => {
      const lines = fixture("one_run").runs[0].messages[0].story.flatMap((round) => round.lines);
      await page.getByText("The story as a table").click();
      const { rows } = await csvOf(page, "story-unfixed-m1");
      assert.deepEqual(
        rows.slice(1).map((row) => [row[2], row[3], row[4], row[5]]),
        lines.map((line) => [line.node, line.kind, line.words, line.articles.join(" ")]),
      );
    }));

  it("stands beside itself in another run, which says where they part", () =>
    reading(fixture("compare"), { hash: "#run=unfixed&message=update", width: 1440 }, async (page) => {
      await page.getByLabel("Beside it, in the run").focus();
      await page.getByLabel("Beside it, in the run").selectOption("hotfix_and_switch");
      await page.waitForSelector(".message[data-run=hotfix_and_switch]");
      assert.match(page.url(), /&beside=hotfix_and_switch$/);
      assert.equal(await page.evaluate(() => document.activeElement.id), "beside");
      const [one, other] = await page.$$eval(".message", (all) => all.map((each) => each.getBoundingClientRect()));
      assert.ok(one.right < other.left && Math.abs(one.top - other.top) < 1, "side by side");
      assert.equal(await count(page, "summary .badge:has-text('DIFFERS FROM HERE')"), 2);
      assert.doesNotMatch(await page.innerText("#message"), /go alike/);
      await page.setViewportSize({ width: 390, height: 900 });
      await settled(page);
      const [above, below] = await page.$$eval(".message", (all) => all.map((each) => each.getBoundingClientRect()));
      assert.ok(above.bottom <= below.top, "one below the other");
    }));

  it("that went alike in both runs is said to have", () => {
    const data = fixture("compare");
    data.runs[1].messages = data.runs[0].messages;
    const hash = `#run=unfixed&message=accept&beside=${data.runs[1].name}`;
    return reading(data, { hash }, async (page) => {
      assert.match(await page.innerText("#message"), /The two stories go alike, but for their times/);
      assert.equal(await count(page, "summary .badge"), 0);
    });
  });

  it("is not told where nothing was recorded, and the page says how to have it", () =>
    reading(fixture("summary"), {}, async (page) => {
      assert.match(await page.innerText("#messages"), /--record events/);
      assert.match(await page.innerText("#traffic"), /--record events/);
      assert.equal(await count(page, "figure"), 0);
    }));
});

describe("an address", () => {
  it("leads to a run and its message, and back", () =>
    reading(fixture("compare"), { hash: "#run=hotfix_later&message=accept" }, async (page) => {
      assert.equal(await page.inputValue("#run"), "hotfix_later");
      assert.equal(await page.getAttribute(".message", "data-run"), "hotfix_later");
      await page.selectOption("#run", "unfixed");
      await page.waitForSelector(".message[data-run=unfixed]");
      assert.match(page.url(), /#run=unfixed&message=accept$/);
      await page.goBack();
      await page.waitForSelector(".message[data-run=hotfix_later]");
      assert.equal(await page.inputValue("#run"), "hotfix_later");
    }));

  it("that names what is not here is answered in words", () =>
    reading(fixture("compare"), { hash: "#run=nobody&message=nothing" }, async (page) => {
      const said = await page.innerText("main > .warning");
      assert.match(said, /no run is called nobody/);
      assert.match(said, /no message nothing of unfixed/);
    }));

  it("of an unintended change leads to the message in that variant", () =>
    reading(fixture("compare"), {}, async (page) => {
      await page.locator("#unintended a", { hasText: "accept" }).first().click();
      await page.waitForSelector(".message[data-run=hotfix_and_switch]");
    }));
});

describe("a table", () => {
  it("is sorted by its heads, numbers as numbers", () =>
    reading(fixture("compare"), {}, async (page) => {
      const table = page.locator("[data-table=messages-unfixed]");
      const attempts = () => table.locator("tbody tr td:nth-child(6)").allTextContents();
      await table.getByRole("button", { name: "attempts" }).click();
      const up = (await attempts()).map(Number);
      assert.deepEqual(
        up,
        [...up].sort((a, b) => a - b),
      );
      await table.getByRole("button", { name: "attempts" }).click();
      assert.deepEqual(
        (await attempts()).map(Number),
        [...up].sort((a, b) => b - a),
      );
      assert.equal(await table.locator("th[aria-sort]").count(), 1);
    }));

  it("is a file with a row for each of its rows", () =>
    reading(fixture("compare"), {}, async (page) => {
      const data = fixture("compare");
      const { name, rows } = await csvOf(page, "variants");
      assert.equal(name, "variants.csv");
      assert.equal(rows.length, 1 + data.compare.variants.length);
      const at = (head) => rows[0].indexOf(head);
      for (const run of data.runs) {
        const row = rows.find((one) => one[0] === run.name);
        for (const [figure, value] of Object.entries(run.figures)) assert.equal(row[at(figure)], String(value), figure);
      }
      await page.getByText("All metrics as a table").click();
      const metrics = await csvOf(page, "metrics");
      assert.deepEqual(
        metrics.rows.slice(1).map((row) => [row[0], row[1], Number(row[2])]),
        data.compare.metrics.map((one) => [one.name, one.variant, one.difference]),
      );
      const filtered = page.getByLabel("Search");
      await filtered.fill("northwind");
      const messages = await csvOf(page, "messages-unfixed");
      assert.equal(messages.rows.length - 1, await rowsOf(page, "messages-unfixed"));
    }));

  it("quotes commas, quotes and line ends", () =>
    reading(fixture("hostile"), {}, async (page) => {
      const { messages, name } = fixture("hostile").runs[0];
      const { rows } = await csvOf(page, `messages-${name}`);
      assert.deepEqual(
        rows.slice(1).map((row) => [row[0], row[1], row[2], row[3]]),
        messages.map((one) => [one.id, one.sender, one.recipients.map((r) => r.address).join("; "), one.subject]),
      );
    }));
});

describe("hostile names", () => {
  it("stay words", () =>
    reading(
      fixture("hostile"),
      { hash: "#" + new URLSearchParams({ run: "base <b>", message: "m&1=#", beside: 'a&b=c#d "%"' }) },
      async (page) => {
        assert.equal(await page.evaluate(() => window.__hit), undefined);
        assert.equal(await count(page, "img, b b, #page script, i i"), 0);
        assert.equal(await count(page, ".message"), 2);
        assert.match(await page.innerText(".message"), /<img src=x onerror=/);
        assert.equal(await rowsOf(page, "variants"), 30);
      },
    ));
});

describe("many messages", () => {
  const data = fixture("one_run");
  const one = data.runs[0].messages[0];
  data.runs[0].messages = Array.from({ length: 5000 }, (_, i) => ({
    ...one,
    id: `m${i}`,
    subject: `Report ${i}`,
    story: i < 20 ? one.story : [],
  }));
  data.runs[0].messages_total = 234760;

  it("are searched at once, and shown a page at a time", () =>
    reading(data, {}, async (page) => {
      assert.equal(await rowsOf(page, "messages-unfixed"), 100);
      const took = await page.evaluate(() => {
        const input = document.querySelector("input[type=search]");
        const began = performance.now();
        for (const words of ["r", "re", "rep", "report 49", "report 4999"]) {
          input.value = words;
          input.dispatchEvent(new Event("input"));
          document.body.getBoundingClientRect();
        }
        return (performance.now() - began) / 5;
      });
      assert.equal(await rowsOf(page, "messages-unfixed"), 1);
      assert.ok(took < 400, `${took} ms for a letter`);
      await page.getByLabel("Search").fill("");
      const { rows } = await csvOf(page, "messages-unfixed");
      assert.equal(rows.length, 5001);
      await page.getByRole("button", { name: "Show all 5,000 rows" }).click();
      assert.equal(await rowsOf(page, "messages-unfixed"), 5000);
    }));
});

describe("the theme", () => {
  it("follows the system until the reader says otherwise", () =>
    reading(fixture("summary"), { scheme: "dark" }, async (page) => {
      const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
      assert.equal(await theme(), "dark");
      await page.getByRole("button", { name: "Switch to the light theme" }).click();
      assert.equal(await theme(), "light");
      await page.emulateMedia({ colorScheme: "dark" });
      assert.equal(await theme(), "light");
    }));
});

describe("the configuration", () => {
  it("is copied whole", () =>
    reading(fixture("one_run"), {}, async (page) => {
      await page.evaluate(() => {
        navigator.clipboard.writeText = async (text) => {
          window.copied = text;
        };
      });
      await page.getByRole("button", { name: "Copy configuration" }).click();
      assert.equal(await page.evaluate(() => window.copied), fixture("one_run").runs[0].config);
      assert.match(await page.innerText("#setup"), /copied/);
    }));
});
