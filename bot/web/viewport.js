/** Keeps the composer above the keyboard where it covers the page instead of shrinking it, as on iPhones. */

export function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  view.addEventListener("resize", () => {
    const covered = view.scale === 1 && view.height < window.innerHeight - 1;
    const { style } = document.documentElement;
    if (covered) style.setProperty("--height", `${view.height}px`);
    else style.removeProperty("--height");
  });
}
