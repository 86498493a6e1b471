/** Keeps the composer above the keyboard where it covers the page instead of shrinking it, as on iPhones. */

/** @param {HTMLElement} shell what is as high as the window */
export function followKeyboard(shell) {
  const view = window.visualViewport;
  if (!view) return;
  view.addEventListener("resize", () => {
    const covered = view.scale === 1 && view.height < window.innerHeight - 1;
    if (covered) shell.style.setProperty("--height", `${view.height}px`);
    else shell.style.removeProperty("--height");
  });
}
