// The console's behaviour beyond links and forms. Everything works without it, only less quickly.
"use strict";

// Filters of the list of incidents: the slider hides rows at once, then the list is fetched anew.
const filter = document.getElementById("filter");
if (filter) {
    const slider = document.getElementById("min");
    const shown = document.getElementById("min-shown");
    const list = document.getElementById("list");
    let timer = 0;
    let asked = 0;

    const address = () => {
        const query = new URLSearchParams(new FormData(filter));
        for (const [key, value] of [...query]) {
            if (value === "" || (key === "min" && value === slider.dataset.opening)) query.delete(key);
        }
        const text = query.toString();
        return "/incidents" + (text ? "?" + text : "");
    };

    const mark = () => {
        const least = Number(slider.value);
        shown.textContent = least + "%";
        for (const row of list.querySelectorAll("li[data-score]")) row.hidden = Number(row.dataset.score) < least;
        for (const bar of filter.querySelectorAll("rect[data-score]")) {
            bar.classList.toggle("out", Number(bar.dataset.score) + 5 <= least);
        }
    };

    const fetchList = async () => {
        const number = ++asked;
        const target = address();
        const answer = await fetch(target + (target.includes("?") ? "&" : "?") + "part=list", { redirect: "manual" });
        if (!answer.ok) { location.assign(target); return; }
        const html = await answer.text();
        if (number !== asked) return;
        list.innerHTML = html;
        history.replaceState(null, "", target);
        mark();
    };

    const soon = (wait) => { clearTimeout(timer); timer = setTimeout(fetchList, wait); };
    slider.addEventListener("input", () => { mark(); soon(120); });
    document.getElementById("q").addEventListener("input", () => soon(250));
    filter.addEventListener("submit", (event) => { event.preventDefault(); location.assign(address()); });
    for (const select of filter.querySelectorAll("select")) {
        select.addEventListener("change", () => location.assign(address()));
    }
    mark();
}

// Selects that are a whole form's only choice.
for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.submit());
}

// A change of language returns to the page that it was asked on.
for (const form of document.querySelectorAll("form[data-return]")) {
    form.querySelector("input[name=next]").value = location.pathname + location.search;
}
