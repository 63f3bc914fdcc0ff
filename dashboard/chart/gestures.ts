/** What mouse, wheel and fingers do on a chart; the keyboard is its component's matter. */

interface Gestures {
  /** The crosshair goes to `left` pixels from the plot's left edge, or away. */
  readonly point: (left: number | null) => void;
  /** @param factor Below 1 looks closer. */
  readonly zoom: (factor: number, left: number) => void;
}

/** How much one pixel of the wheel zooms. */
const WHEEL_SPEED = 1 / 400;

/**
 * Moving points; the wheel zooms while Ctrl is down (or two fingers pinch a touchpad), because without it the wheel
 * scrolls the page; one finger points; two pinch.
 *
 * @returns Takes the listeners away.
 */
export function bindGestures(area: HTMLElement, { point, zoom }: Gestures): () => void {
  const fingers = new Map<number, number>();
  const leftOf = (event: { clientX: number }) => event.clientX - area.getBoundingClientRect().left;
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return Math.max(1, Math.abs(a - b));
  };

  const onMove = (event: PointerEvent) => {
    const left = leftOf(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType === "mouse") point(left);
      return;
    }
    if (fingers.size === 2) {
      const before = apart();
      fingers.set(event.pointerId, left);
      const [a, b] = [...fingers.values()];
      zoom(before / apart(), (a + b) / 2);
    } else {
      fingers.set(event.pointerId, left);
      point(left);
    }
  };
  const onDown = (event: PointerEvent) => {
    if (event.pointerType === "mouse") return;
    fingers.set(event.pointerId, leftOf(event));
    if (fingers.size === 1) point(leftOf(event));
  };
  const onUp = (event: PointerEvent) => void fingers.delete(event.pointerId);
  const onLeave = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (event.pointerType === "mouse") point(null);
  };
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY * WHEEL_SPEED), leftOf(event));
  };

  const listening = new AbortController();
  const { signal } = listening;
  area.addEventListener("pointermove", onMove, { signal });
  area.addEventListener("pointerdown", onDown, { signal });
  area.addEventListener("pointerup", onUp, { signal });
  area.addEventListener("pointercancel", onUp, { signal });
  area.addEventListener("pointerleave", onLeave, { signal });
  area.addEventListener("wheel", onWheel, { signal, passive: false });
  return () => listening.abort();
}
