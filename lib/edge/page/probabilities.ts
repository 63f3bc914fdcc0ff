/** Shows the answer: a line that is read out, and a bar a class, in the order of the classes. */

const verdict = document.getElementById("verdict")!;
const list = document.getElementById("classes")!;

const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1 });

export function showProbabilities(
  predicted: string,
  probabilities: Readonly<Record<string, number>>,
): void {
  say(`${predicted}, with ${percent.format(probabilities[predicted])}.`);
  list.replaceChildren(
    ...Object.entries(probabilities).map(([name, probability]) =>
      row(name, probability, name === predicted)
    ),
  );
}

/** What the predictor answers of a row; see lib/edge/answers.ts. */
interface RowAnswer {
  readonly predicted?: string;
  readonly probability?: number;
  readonly threshold?: number;
  readonly labels?: readonly string[];
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly predictions?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** Of any task. */
export function showAnswer(answer: RowAnswer): void {
  const { predicted, probability, threshold, labels, probabilities, predictions } = answer;
  if (predictions) {
    const texts = Object.entries(predictions).map(([name, value]) =>
      `${name}: ${number.format(value)}`
    );
    say(`${texts.join("; ")}.`);
    return list.replaceChildren();
  }
  if (probabilities && predicted !== undefined) return showProbabilities(predicted, probabilities);
  if (probabilities) {
    say(labels!.length === 0 ? "No label." : `${labels!.join(", ")}.`);
    return list.replaceChildren(
      ...Object.entries(probabilities).map(([name, value]) =>
        row(name, value, labels!.includes(name))
      ),
    );
  }
  say(
    `${predicted}: the positive class has a probability of ${
      percent.format(probability!)
    }, and is predicted from ${percent.format(threshold!)} on.`,
  );
  list.replaceChildren();
}

export function showNothing(): void {
  say("Nothing to look at yet.");
  list.replaceChildren();
}

export function showError(message: string): void {
  say(message);
  verdict.classList.add("failed");
  list.replaceChildren();
}

function say(text: string): void {
  verdict.classList.remove("failed");
  verdict.textContent = text;
}

/** The bar is drawn: its width may not be a style, which the page's policy forbids in texts. */
function row(name: string, probability: number, isBest: boolean): HTMLLIElement {
  const item = document.createElement("li");
  item.className = isBest ? "best" : "";
  const title = document.createElement("span");
  title.textContent = name;
  const bar = document.createElement("div");
  bar.className = "bar";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rectangle.setAttribute("width", String(probability));
  rectangle.setAttribute("height", "1");
  svg.append(rectangle);
  bar.append(svg);
  const value = document.createElement("span");
  value.className = "percent";
  value.textContent = percent.format(probability);
  item.append(title, bar, value);
  return item;
}
