/** State that lies in the page's address: it survives a reload and Back, and a copied link has it. */

import { useCallback, useState } from "preact/hooks";

/**
 * @param query of the address that the page was asked for
 * @param read  must not throw, whatever the query is
 * @param write its inverse
 */
export function useView<View>(
  query: string,
  read: (query: string) => View,
  write: (view: View) => string,
): readonly [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => read(query));
  const change = useCallback((part: Partial<View>) => {
    setView((before) => {
      const next = { ...before, ...part };
      const text = write(next);
      history.replaceState(history.state, "", `${location.pathname}${text && "?"}${text}`);
      return next;
    });
  }, [write]);
  return [view, change];
}
