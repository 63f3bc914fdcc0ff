/** The square to draw on: white strokes on black, or an image from a file. */

/** Width of a stroke where the canvas is 28 pixels wide, as the images of the data are. */
const STROKE = 2;

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const drawing = canvas.getContext("2d");
  if (!drawing) throw new Error("this browser has no canvas");
  return drawing;
}

/** Makes it black. */
export function emptyCanvas(canvas: HTMLCanvasElement): void {
  fill(canvas, "black");
}

/** Shows an image as large as fits; what is beside it, and behind it where it is transparent, is left clear. */
export async function showFile(canvas: HTMLCanvasElement, file: Blob): Promise<void> {
  const image = await createImageBitmap(file);
  const { width, height } = canvas;
  const scale = Math.min(width / image.width, height / image.height);
  const [w, h] = [image.width * scale, image.height * scale];
  const drawing = context(canvas);
  drawing.clearRect(0, 0, width, height);
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  image.close();
}

export interface StrokeListener {
  /** Before the first point of a stroke. */
  onBegin(): void;
  /** After every part of it that was drawn. */
  onStroke(): void;
}

/** Draws where a pen, a finger or a mouse that is pressed goes. */
export function drawStrokes(
  canvas: HTMLCanvasElement,
  { onBegin, onStroke }: StrokeListener,
): void {
  let last: DOMPoint | null = null;
  const draw = (event: PointerEvent) => {
    const point = pointOf(canvas, event);
    const drawing = context(canvas);
    drawing.strokeStyle = "white";
    drawing.lineWidth = STROKE * canvas.width / 28;
    drawing.lineCap = "round";
    drawing.beginPath();
    drawing.moveTo(last?.x ?? point.x, last?.y ?? point.y);
    drawing.lineTo(point.x, point.y);
    drawing.stroke();
    last = point;
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    onBegin();
    canvas.setPointerCapture(event.pointerId);
    last = null;
    draw(event);
    onStroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    draw(event);
    onStroke();
  });
}

/** Where a pointer is, in pixels of the canvas, whatever its size on the screen. */
function pointOf(canvas: HTMLCanvasElement, { clientX, clientY }: PointerEvent): DOMPoint {
  const box = canvas.getBoundingClientRect();
  return new DOMPoint(
    (clientX - box.left) * canvas.width / box.width,
    (clientY - box.top) * canvas.height / box.height,
  );
}

function fill(canvas: HTMLCanvasElement, color: string): void {
  const drawing = context(canvas);
  drawing.fillStyle = color;
  drawing.fillRect(0, 0, canvas.width, canvas.height);
}
