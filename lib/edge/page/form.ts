/** The script of the page for tables: makes a form of the schema, sends the row as it changes, and shows the answer. */
import { showAnswer, showError } from "./probabilities.ts";

/** What the form needs of a column's schema. */
interface Property {
  readonly type: string | readonly string[];
  readonly default?: number;
  readonly examples?: readonly string[];
  readonly description?: string;
  readonly minItems?: number;
}

/** Reads a field's value; undefined where it is empty. */
type Read = () => unknown;

const form = document.getElementById("row") as HTMLFormElement;

/** Counts the changes, so that an answer to a row that is gone is dropped. */
let latest = 0;

function field(name: string, property: Property): Read {
  const label = document.createElement("label");
  const title = document.createElement("span");
  title.textContent = name;
  label.append(title);
  if (property.description) label.title = property.description;
  form.append(label);
  return property.examples
    ? menu(label, property.examples)
    : property.type === "array"
    ? list(label, property.minItems!)
    : number(label, property);
}

function menu(label: HTMLElement, values: readonly string[]): Read {
  const select = document.createElement("select");
  select.append(new Option("not known", ""), ...values.map((value) => new Option(value)));
  label.append(select);
  return () => select.selectedIndex > 0 ? values[select.selectedIndex - 1] : undefined;
}

function number(label: HTMLElement, { default: usual }: Property): Read {
  const input = document.createElement("input");
  input.type = "number";
  input.step = "any";
  if (usual !== undefined) input.placeholder = String(Number(usual.toPrecision(4)));
  label.append(input);
  return () => Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
}

function list(label: HTMLElement, size: number): Read {
  const input = document.createElement("input");
  input.placeholder = `${size} numbers, with spaces between them`;
  label.append(input);
  return () => {
    const texts = input.value.split(/[\s,;[\]]+/).filter(Boolean);
    return texts.length === 0 ? undefined : texts.map(Number);
  };
}

async function ask(fields: readonly (readonly [string, Read])[]): Promise<void> {
  const own = ++latest;
  const cells = fields.map(([name, read]) => [name, read()] as const);
  // Every column is sent: one that is missing would be noted.
  const row = Object.fromEntries(cells.map(([name, value]) => [name, value ?? null]));
  try {
    const body = JSON.stringify({ rows: row });
    const headers = { "content-type": "application/json" };
    const response = await fetch("predict", { method: "POST", headers, body });
    const answer = await response.json();
    if (own !== latest) return;
    if (!response.ok) throw new Error(answer.error);
    showAnswer(answer);
  } catch (error) {
    if (own === latest) showError(error instanceof Error ? error.message : String(error));
  }
}

const { properties: { rows: { anyOf: [{ properties }] } } } = await (await fetch("schema")).json();
const fields = Object.entries(properties as Record<string, Property>)
  .map(([name, property]) => [name, field(name, property)] as const);
form.addEventListener("input", () => ask(fields));
form.addEventListener("submit", (event) => event.preventDefault());
await ask(fields);
