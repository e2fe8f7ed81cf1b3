// Rosters: a file may be dropped on the upload form, and the progress bar moves without loading the page again.

const drop = document.querySelector("[data-roster-drop]");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const over = (on) => (event) => {
    event.preventDefault();
    drop.classList.toggle("roster-drop--over", on);
  };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

const progress = document.querySelector("[data-roster-progress]");
if (progress) {
  const bar = progress.querySelector("[data-roster-bar]");
  const text = progress.querySelector("[data-roster-text]");
  const ask = async () => {
    try {
      const answer = await fetch(progress.dataset.rosterProgress, { headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 403 || answer.status === 404) return location.reload();
      const told = await answer.json();
      if (!told.busy) return location.reload();
      bar.value = told.percent;
      if (told.text && text.textContent !== told.text) text.textContent = told.text;
    } catch (error) {
      // The network is away for a moment: the job goes on, ask again.
    }
    setTimeout(ask, 700);
  };
  setTimeout(ask, 500);
}
