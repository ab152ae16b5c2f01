// Sorts, filters and searches the tables of the index.  Each has its rows as JSON beside it:
// a column is its distinct cells in their order, and for each row the place of its cell there.
"use strict";

const HAN = /\p{Script=Han}/u;
const foreign = !document.documentElement.lang.startsWith("zh");

function listing(root) {
  const columns = JSON.parse(root.querySelector("script").textContent);
  for (const column of columns) [column.classes, column.kind] = [column.kind, column.kind.split(" ")[0]];
  const [body, form, count, pager] =
    ["tbody", ".tools", ".count", ".pager"].map((name) => root.querySelector(name));
  const heads = [...root.querySelectorAll(".heads th")];
  const screen = Number(root.dataset.view), paper = body.rows.length;
  const every = columns[0].rows.map((_, row) => row);
  let found = every, first = 0, size = screen, by = -1, down = false;

  // --- which rows

  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const shown = (cell) => (typeof cell === "string" ? cell : cell[0]);
  const ats = [...columns.keys()];
  const ofKind = (kind) => ats.filter((at) => columns[at].kind === kind);
  const words = [];
  const texts = (at) => (words[at] ??= columns[at].values.map((cell) => folded(shown(cell))));

  // For each value of each column whether it holds the word; a row matches by any column.
  const holding = (word) => {
    const searched = ats.filter((at) => columns[at].kind !== "outcome");
    const hits = searched.map((at) => [columns[at].rows, texts(at).map((text) => text.includes(word))]);
    return (row) => hits.some(([rows, hit]) => hit[rows[row]]);
  };

  const having = (at, outcome) => {
    const hit = columns[at].values.map((cell) => cell[1]?.split(" ")[0] === outcome);
    return (row) => hit[columns[at].rows[row]];
  };

  const across = () => {
    const [rule, outcome] = ["rule", "outcome"].map((name) => form.querySelector(`[data-across=${name}]`)?.value);
    if (!outcome) return [];
    const tests = (rule ? [Number(rule)] : ofKind("outcome")).map((at) => having(at, outcome));
    return [(row) => tests.some((test) => test(row))];
  };

  const chosen = () => [...form.querySelectorAll("[data-column]")].filter((one) => one.value).map((one) => {
    const [rows, value] = [columns[one.dataset.column].rows, Number(one.value)];
    return (row) => rows[row] === value;
  });

  const select = () => {
    const asked = folded(form.querySelector("[type=search]").value).split(/\s+/).filter(Boolean);
    const tests = [...chosen(), ...across(), ...asked.map(holding)];
    found = tests.length ? every.filter((row) => tests.every((test) => test(row))) : every;
    if (by >= 0) found = sorted(found);
  };

  // Cells without anything stand last either way.
  const sorted = (rows) => {
    const {values, rows: places} = columns[by];
    const blank = values.length && !shown(values[values.length - 1]) ? values.length - 1 : -1;
    const sign = down ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [one, other] = [places[a], places[b]];
      return (one === blank) - (other === blank) || sign * (one - other);
    });
  };

  // --- showing them

  const cell = (column, value) => {
    const [text, style = "", href = "", label = ""] = typeof value === "string" ? [value] : value;
    const made = document.createElement(column.kind === "name" ? "th" : "td");
    if (column.kind === "name") made.scope = "row";
    made.className = style ? `${column.classes} ${style}` : column.classes;
    const holder = href ? made.appendChild(document.createElement("a")) : made;
    if (href) holder.href = href;
    if (href && label) holder.title = label;
    if (column.kind === "outcome" && label) holder.setAttribute("aria-label", label);
    if (foreign && HAN.test(text)) holder.lang = "zh-CN";
    if (column.kind === "command" && text) {
      made.appendChild(document.createElement("code")).textContent = root.dataset.command.replace("{}", text);
      const button = made.appendChild(document.createElement("button"));
      [button.type, button.className, button.textContent] = ["button", "copy", root.dataset.copy];
    } else holder.textContent = text;
    return made;
  };

  const show = () => {
    const rows = found.slice(first, first + size).map((row) => {
      const made = document.createElement("tr");
      made.append(...columns.map((column) => cell(column, column.values[column.rows[row]])));
      return made;
    });
    body.replaceChildren(...rows);
    tell();
  };

  const tell = () => {
    const last = Math.min(first + size, found.length);
    const numbers = {first: found.length ? first + 1 : 0, last, found: found.length};
    count.textContent = root.dataset.said.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
    const [back, on] = pager.querySelectorAll("button");
    [back.disabled, on.disabled] = [first === 0, last >= found.length];
    pager.hidden = found.length <= size;
  };

  const again = () => { first = 0; select(); show(); };

  // --- what a reader does

  heads.forEach((head, at) => {
    if (columns[at].kind === "command") return;
    const button = document.createElement("button");
    [button.type, button.className] = ["button", "sort"];
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const same = by === at;
      [by, down] = same && down ? [-1, false] : [at, same];
      for (const one of heads) one.removeAttribute("aria-sort");
      if (by >= 0) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      again();
    });
  });

  form.addEventListener("input", again);
  form.addEventListener("reset", () => setTimeout(again));
  form.addEventListener("submit", (event) => event.preventDefault());
  pager.addEventListener("click", ({target}) => {
    if (!target.dataset.step) return;
    first += size * target.dataset.step;
    show();
    root.scrollIntoView();
  });
  body.addEventListener("click", async ({target}) => {
    if (target.className !== "copy") return;
    const code = target.previousSibling;
    const copied = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false);
    if (!copied) getSelection().selectAllChildren(code);
    target.textContent = copied ? root.dataset.copied : root.dataset.selected;
  });
  addEventListener("beforeprint", () => { size = paper; show(); });
  addEventListener("afterprint", () => { size = screen; show(); });
  for (const row of [...body.rows].slice(size)) row.remove();
  tell();
}

document.documentElement.classList.add("scripted");
document.querySelectorAll(".listing").forEach(listing);
