// What holds for every report, whatever it holds. DEADLETTER_REPORT names a page that the program has written; without
// it each of the fixtures is filled into the template.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { faintTexts, fixture, heldBy, Reader, settled, template } from "./support.mjs";

const given = process.env.DEADLETTER_REPORT;
const reports = given
  ? { given }
  : Object.fromEntries(["one_run", "compare", "summary", "hostile"].map((name) => [name, fixture(name)]));

let reader;
before(async () => {
  reader = await Reader.start();
});
after(() => reader.stop());

describe("the template", () => {
  it("has exactly one place for data and loads nothing", () => {
    const text = template();
    assert.equal(text.split("/*DEADLETTER-DATA*/").length, 2);
    assert.match(text, /<script type="application\/json" id="data">\/\*DEADLETTER-DATA\*\/null<\/script>/);
    assert.doesNotMatch(text, /<(script|link|img)[^>]+(src|href)="(?!data:)/);
  });

  it("stays under half a megabyte", () => assert.ok(template().length < 500_000, `${template().length} octets`));

  it("says so when it is opened without a report", async () => {
    const page = await reader.open(new URL("../dist/index.html", import.meta.url).pathname);
    assert.match(await page.innerText("main"), /holds no report/);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it("says so when the report is of another format", async () => {
    const page = await reader.open({ ...fixture("summary"), format: 2 });
    assert.match(await page.innerText("main"), /format that it does not know/);
    await page.context().close();
  });
});

for (const [name, data] of Object.entries(reports)) {
  describe(`the page of ${name}`, () => {
    let page, held;
    before(async () => {
      page = await reader.open(data);
      held = await heldBy(page);
    });
    after(() => page.context().close());

    it("comes without an error, a warning or a request", () => assert.deepEqual(page.wrong, []));

    it("does not move once it is drawn", async () =>
      assert.ok((await page.evaluate(() => window.shifted)) < 0.01, `${await page.evaluate(() => window.shifted)}`));

    it("begins with title, question and verdict", async () => {
      assert.equal(await page.innerText("h1"), held.title.replace(/\s+/g, " "));
      const ids = await page.$$eval("main section", (all) => all.map((one) => one.id));
      const compared = held.compare ? ["transitions", "metrics", "unintended"] : [];
      assert.deepEqual(ids, [
        "verdict",
        "variants",
        ...compared,
        "organization",
        "traffic",
        "delays",
        "messages",
        "message",
        "nodes",
        "judged",
        "setup",
      ]);
      if (held.question !== "") assert.ok((await page.innerText("header")).includes(held.question.slice(0, 40)));
    });

    it("words each verdict", async () => {
      const verdicts = (held.compare?.variants ?? []).filter((one) => one.verdict).map((one) => one.verdict);
      const badges = await page.$$eval("#verdict .badge", (all) => all.map((one) => one.textContent));
      assert.deepEqual(badges.length, held.compare ? verdicts.length : held.runs.length);
      if (held.compare) assert.deepEqual(badges, verdicts);
    });

    it("has every chart that its data allows, with marks and with words", async () => {
      const { series, delays } = held.runs[0];
      const wanted = ["queues", "attempts", "reports", "deliveries"].filter(
        (part) => (series?.[part] ?? []).length > 0,
      );
      if (delays || held.runs.some((run) => run.delays)) wanted.push("delays");
      const charts = await page.$$eval("figure[data-chart]", (all) =>
        all.map((one) => ({
          name: one.dataset.chart,
          words: one.querySelector("svg[role=img]")?.getAttribute("aria-label") ?? "",
          marks: one.querySelectorAll(
            "svg g[aria-label] :is(path, rect, circle)[d], svg g[aria-label] :is(rect, circle)",
          ).length,
        })),
      );
      assert.deepEqual(
        wanted.filter((one) => !charts.some((chart) => chart.name === one)),
        [],
      );
      for (const chart of charts) {
        assert.ok(chart.marks > 0, `${chart.name} has no marks`);
        assert.ok(chart.words.length > 20, `${chart.name} has no words`);
      }
      const bare = await page.$$eval("figure [aria-label$='tick label'] text", (all) =>
        all.filter((one) => one.textContent === "").map((one) => one.closest("figure").dataset.chart),
      );
      assert.deepEqual(bare, [], "marks of an axis without words");
      const metrics = new Set(
        (held.compare?.metrics ?? []).filter((one) => one.difference !== 0).map((one) => one.name),
      );
      for (const metric of metrics)
        assert.ok(
          charts.some((chart) => chart.name === `metric-${metric}`),
          metric,
        );
    });

    it("draws each node and tells what is installed on it", async () => {
      const nodes = await page.$$eval(".drawing .node", (all) => all.map((one) => one.getAttribute("aria-label")));
      assert.equal(nodes.length, held.organization?.nodes.length ?? 0);
      for (const node of held.runs[0].nodes.filter((one) => one.quirks.length > 0))
        if (held.organization?.nodes.some((one) => one.name === node.name))
          assert.ok(
            nodes.some((words) => words.startsWith(node.name) && words.includes(node.quirks[0])),
            node.name,
          );
      assert.equal(await page.locator("[data-table=nodes] tbody tr").count(), held.runs[0].nodes.length);
      const outside = await page.$$eval(
        ".drawing .node",
        (all) =>
          all.filter((one) => {
            const [box, room] = [one.getBBox(), one.ownerSVGElement.viewBox.baseVal];
            const at = one.transform.baseVal.consolidate().matrix;
            return at.e + box.x < 0 || at.f + box.y < 0 || at.e + box.x + box.width > room.width + 1;
          }).length,
      );
      assert.equal(outside, 0);
      const covered = await page.$$eval(".drawing .node rect", (all) => {
        const boxes = all.map((one) => one.getBoundingClientRect());
        return boxes.filter((a, i) =>
          boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
        ).length;
      });
      assert.equal(covered, 0, "nodes that cover one another");
    });

    it("is not wider than its window, wide or narrow", async () => {
      for (const width of [1440, 1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(over <= 0, `${over} too wide at ${width}`);
        const spilt = await page.$$eval("tbody :is(th, td)", (all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.slice(0, 40)),
        );
        assert.deepEqual(spilt, [], `words that reach out of their cell at ${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it("can be read in both themes", async () => {
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await settled(page);
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), scheme);
        assert.deepEqual(await faintTexts(page), [], scheme);
      }
    });

    it("is wholly reached by Tab, with what has focus shown", async () => {
      await page.evaluate(() => {
        document.activeElement?.blur();
        scrollTo(0, 0);
      });
      const wanted = await page.evaluate(() => {
        const all = [...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")].filter(
          (one) =>
            one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !one.matches("[tabindex='-1']"),
        );
        all.forEach((one, i) => {
          one.dataset.stop = i;
        });
        return all.length;
      });
      const reached = new Set();
      const unseen = [];
      for (let i = 0; i < wanted + 20 && reached.size < wanted; ++i) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const one = document.activeElement;
          const style = getComputedStyle(one);
          const inner = one.querySelector(":scope > rect");
          const seen = style.outlineStyle !== "none" || (inner && parseFloat(getComputedStyle(inner).strokeWidth) >= 3);
          return { stop: one.dataset?.stop, seen, what: one.outerHTML.slice(0, 80) };
        });
        if (at.stop !== undefined) reached.add(at.stop);
        if (at.stop !== undefined && !at.seen) unseen.push(at.what);
      }
      assert.equal(reached.size, wanted);
      assert.deepEqual(unseen, []);
    });
  });
}
