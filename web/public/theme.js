// Runs before the first paint, so that a stored choice of colours or density does not flash. A file of its own, because the content
// security policy forbids inline scripts.
(function () {
  try {
    var choice = localStorage.getItem("bartizan.theme");
    if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
    if (localStorage.getItem("bartizan.density") === "dense") document.documentElement.dataset.density = "dense";
  } catch (error) {
    // Storage may be closed to us: the system's scheme is then used.
  }
})();
