// The only script of the dashboards: a button that copies what an element shows.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copies);
  getSelection().selectAllChildren(shown);
  try {
    await navigator.clipboard.writeText(shown.textContent);
  } catch {
    document.execCommand("copy");
  }
  button.textContent = "Copied";
});
