/** Moves the focus among the rows below an element: arrows, Home, End. Tells whether it did. */
export function walk(list: HTMLElement | null, event: KeyboardEvent): boolean {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = rows.findIndex((row) => row === document.activeElement);
  const typing = document.activeElement instanceof HTMLInputElement;
  const to =
    event.key === "ArrowDown"
      ? rows[at + 1]
      : event.key === "ArrowUp"
        ? rows[at - 1]
        : event.key === "Home" && !typing
          ? rows[0]
          : event.key === "End" && !typing
            ? rows.at(-1)
            : undefined;
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return false;
  to.focus();
  event.preventDefault();
  return true;
}
