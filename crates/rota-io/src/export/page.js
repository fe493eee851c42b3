
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
    document.querySelectorAll("[data-sought]").forEach(function (part) {
      var fits = part.getAttribute("data-sought").indexOf(words) !== -1 &&
        (chosen === "" || part.getAttribute("data-team") === chosen);
      part.classList.toggle("gone", !fits);
      if (fits && part.closest("#grid")) { shown += 1; }
    });
    document.querySelectorAll("article.day").forEach(function (day) {
      var rows = day.querySelectorAll("[data-sought]");
      day.classList.toggle("gone", rows.length > 0 && !day.querySelector("[data-sought]:not(.gone)"));
    });
    found.textContent = words || chosen ? shown + (shown === 1 ? " person" : " people") + " shown" : "";
  }
  if (find) { find.addEventListener("input", filter); }
  if (team) { team.addEventListener("change", filter); }
}());
