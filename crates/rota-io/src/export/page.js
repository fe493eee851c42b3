
(function () {
  "use strict";
  var controls = document.getElementById("controls");
  var find = document.getElementById("find");
  var team = document.getElementById("team");
  var theme = document.getElementById("theme");
  var found = document.getElementById("found");
  controls.hidden = false;
  theme.addEventListener("change", function () {
    if (theme.value) { document.documentElement.setAttribute("data-theme", theme.value); }
    else { document.documentElement.removeAttribute("data-theme"); }
  });
  function filter() {
    var words = find ? find.value.trim().toLowerCase() : "";
    var chosen = team ? team.value : "";
    var shown = 0;
    var first = document.querySelector(".grid");
    document.querySelectorAll("[data-sought]").forEach(function (part) {
      var fits = part.getAttribute("data-sought").indexOf(words) !== -1 &&
        (chosen === "" || part.getAttribute("data-team") === chosen);
      part.classList.toggle("gone", !fits);
      if (fits && first && first.contains(part)) { shown += 1; }
    });
    document.querySelectorAll("article.day").forEach(function (day) {
      var rows = day.querySelectorAll("[data-sought]");
      day.classList.toggle("gone", rows.length > 0 && !day.querySelector("[data-sought]:not(.gone)"));
    });
    found.textContent = words || chosen ? shown + (shown === 1 ? " person" : " people") + " shown" : "";
  }
  if (find) {
    find.addEventListener("input", filter);
    // Enter goes to the first person found; Escape shows everybody again.
    find.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { find.value = ""; filter(); event.preventDefault(); }
      if (event.key === "Enter") {
        var name = document.querySelector(".grid tr[data-sought]:not(.gone) a");
        if (name) { name.focus(); event.preventDefault(); }
      }
    });
  }
  if (team) { team.addEventListener("change", filter); }
}());
