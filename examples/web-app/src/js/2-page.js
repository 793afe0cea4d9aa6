const tides = highWaters(Date.now(), 8);

document.getElementById("next").textContent = `The next high water is at ${tides[0].toLocaleTimeString()}.`;

// The rest of the week.
for (const tide of tides) {
  const row = document.getElementById("table").insertRow();
  row.insertCell().textContent = tide.toLocaleDateString();
  row.insertCell().textContent = tide.toLocaleTimeString();
}
