// Charts of an entity's hours: what happened as a line, what was normal as a band. Drawn with dygraphs.
"use strict";

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const language = document.documentElement.lang;

const bytes = (value) => {
    const units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let unit = 0;
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) { value /= 1000; unit += 1; }
    return Number(value.toPrecision(3)) + " " + units[unit];
};
const count = (value) => Number(value.toPrecision(4)).toLocaleString(language);

const dayName = new Intl.DateTimeFormat(language, { timeZone: "UTC", month: "short", day: "numeric" });
const clockName = new Intl.DateTimeFormat(language, { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const tick = (date) => (date.getTime() % 86_400_000 === 0 ? dayName : clockName).format(date);

// Hours that nothing is known of break the line.
const rows = (points) => {
    const table = [];
    let last = null;
    for (const [seconds, value, low, high] of points) {
        if (last !== null && seconds - last > 5400) table.push([new Date((last + 3600) * 1000), [null, null, null], [null, null, null]]);
        table.push([new Date(seconds * 1000), [low, (low + high) / 2, high], [value, value, value]]);
        last = seconds;
    }
    return table;
};

const draw = (place, measure, answer) => {
    const box = document.createElement("div");
    box.className = "chart";
    const title = document.createElement("h3");
    title.textContent = measure.label;
    const plot = document.createElement("div");
    plot.className = "plot";
    box.append(title, plot);
    place.append(box);
    const write = measure.unit === "bytes" ? bytes : count;
    const actual = place.dataset.actual;
    const normal = place.dataset.normal;
    const options = {
        labels: ["t", normal, actual], customBars: true, labelsUTC: true, animatedZooms: false, includeZero: true,
        legend: "follow", axisLineColor: style("--line"), gridLineColor: style("--line"), highlightCircleSize: 3,
        dateWindow: [answer.from * 1000, answer.to * 1000], xRangePad: 2,
        axes: { x: { axisLabelFormatter: tick }, y: { valueFormatter: write, axisLabelFormatter: write, axisLabelWidth: 70 } },
        series: {
            [normal]: { color: style("--chart-normal"), strokeWidth: 0, fillAlpha: 0.4, highlightCircleSize: 0 },
            [actual]: { color: style("--chart-actual"), strokeWidth: 1.8, fillAlpha: 0 },
        },
        legendFormatter: (data) => {
            if (data.x === undefined || data.series.every((one) => one.y === undefined)) return "";
            const point = measure.points.find((one) => one[0] * 1000 === data.x);
            if (!point) return "";
            const when = new Date(data.x).toLocaleString(language, { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
            return `${when}<br>${actual}: <b>${write(point[1])}</b><br>${normal}: ${write(point[2])} – ${write(point[3])}`;
        },
        underlayCallback: (canvas, area, graph) => {
            if (!answer.mark) return;
            const left = graph.toDomXCoord(answer.mark[0] * 1000);
            const right = graph.toDomXCoord(answer.mark[1] * 1000);
            canvas.globalAlpha = 0.3;
            canvas.fillStyle = style("--bar-high");
            canvas.fillRect(left - 3, area.y, Math.max(right - left, 0) + 6, area.h);
            canvas.globalAlpha = 1;
        },
    };
    return new Dygraph(plot, rows(measure.points), options);
};

for (const place of document.querySelectorAll(".charts")) {
    fetch(place.dataset.source).then((answer) => answer.json()).then((answer) => {
        if (!answer.measures || answer.measures.length === 0 || typeof Dygraph === "undefined") {
            const note = document.createElement("p");
            note.className = "hint";
            note.textContent = place.dataset.empty;
            place.append(note);
            return;
        }
        const show = () => {
            place.replaceChildren();
            for (const measure of answer.measures) draw(place, measure, answer);
            place.dataset.drawn = String(answer.measures.length);
        };
        show();
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    });
}
