"use strict";
(function () {
  const root = document.documentElement;
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  const ink = "#26312d", soft = "#66736d", rule = "#d9e0dc";
  const colours = ["#1f6f5c", "#c58a2b", "#3c6e9f", "#8a5a83", "#6f7d3c", "#a5523f"];
  const drawn = [];

  function option(chart, lang) {
    const names = chart.names.map((name) => name[lang]);
    if (chart.kind === "waterfall") return waterfall(chart, lang, names);
    const sideways = chart.kind === "bar" || chart.kind === "group";
    const unit = chart.unit[lang];
    const category = {
      type: "category", data: names, inverse: sideways, axisTick: { show: false },
      axisLine: { lineStyle: { color: soft } },
      axisLabel: { color: ink, fontSize: 12, width: sideways ? 150 : undefined, overflow: "truncate" },
    };
    const value = {
      type: "value",
      axisLabel: { color: soft, fontSize: 11, hideOverlap: true, formatter: (v) => v.toLocaleString("en-US", { maximumFractionDigits: 6 }) },
      splitLine: { lineStyle: { color: rule } }, scale: chart.kind === "line",
    };
    return {
      animation: false,
      aria: { enabled: true },
      color: colours,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      title: { text: unit, top: 0, right: 4, textStyle: { color: soft, fontSize: 12, fontWeight: 400 } },
      grid: { left: 8, right: sideways ? longest(chart) * 7 + 12 : 24, top: 34, bottom: 8, containLabel: true },
      legend: chart.series.length > 1 ? { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: ink } } : undefined,
      tooltip: {
        trigger: "axis", axisPointer: { type: chart.kind === "line" ? "line" : "shadow" }, renderMode: "richText",
        formatter: (points) => [points[0].name].concat(points.map((p) =>
          p.seriesName + "  " + chart.series[p.seriesIndex].texts[p.dataIndex] + " " + unit)).join("\n"),
      },
      xAxis: sideways ? value : category,
      yAxis: sideways ? category : value,
      series: chart.series.map((series, index) => ({
        name: series.name[lang], type: chart.kind === "line" ? "line" : "bar", data: series.values,
        barMaxWidth: chart.kind === "column" ? 46 : 20, barGap: "12%", symbolSize: 6, connectNulls: false,
        lineStyle: { width: 2, type: index % 2 ? "dashed" : "solid" },
        stack: chart.kind === "stack" ? "all" : undefined,
        label: { show: chart.kind !== "line" && chart.kind !== "stack", position: sideways ? "right" : "top", color: ink, fontSize: 11,
          formatter: (p) => series.texts[p.dataIndex] },
      })),
    };
  }

  // Steps from the total of the base to that of the year; the axis begins below the lowest of them.
  function waterfall(chart, lang, names) {
    const series = chart.series[0], unit = chart.unit[lang], last = series.values.length - 1;
    const low = [], size = [], colour = [];
    let level = 0, least = Infinity, most = 0;
    series.values.forEach((value, place) => {
      const ends = place === 0 || place === last;
      const from = ends ? 0 : level;
      level = ends ? value : level + value;
      low.push(Math.min(from, level));
      size.push(Math.abs(level - from));
      colour.push(ends ? soft : value > 0 ? colours[1] : colours[0]);
      least = Math.min(least, ends ? level : low[place]);
      most = Math.max(most, level, ends ? 0 : from);
    });
    const floor = Math.max(0, least - 0.25 * (most - least));
    return {
      animation: false, aria: { enabled: true }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      title: { text: floor > 0 ? unit + " · " + chart.note[lang] : unit, top: 0, right: 4,
        textStyle: { color: soft, fontSize: 12, fontWeight: 400 } },
      grid: { left: 8, right: longest(chart) * 7 + 12, top: 34, bottom: 8, containLabel: true },
      tooltip: { trigger: "item", renderMode: "richText",
        formatter: (p) => names[p.dataIndex] + "\n" + series.texts[p.dataIndex] + " " + unit },
      xAxis: { type: "value", min: floor, axisLabel: { color: soft, fontSize: 11, hideOverlap: true,
        formatter: (v) => v.toLocaleString("en-US", { maximumFractionDigits: 0 }) }, splitLine: { lineStyle: { color: rule } } },
      yAxis: { type: "category", data: names, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: soft } },
        axisLabel: { color: ink, fontSize: 12, width: 150, overflow: "truncate" } },
      series: [
        { type: "bar", stack: "all", silent: true, data: low.map((value, place) => (place === 0 || place === last ? 0 : value)),
          itemStyle: { color: "transparent" }, barMaxWidth: 20 },
        { name: series.name[lang], type: "bar", stack: "all", barMaxWidth: 20,
          data: size.map((value, place) => ({ value: value, itemStyle: { color: colour[place] } })),
          label: { show: true, position: "right", color: ink, fontSize: 11, formatter: (p) => series.texts[p.dataIndex] } },
      ],
    };
  }

  function longest(chart) {
    return Math.max(0, ...chart.series.flatMap((series) => series.texts.map((text) => text.length)));
  }

  function height(chart) {
    if (chart.kind === "line" || chart.kind === "stack") return 300;
    if (chart.kind === "column") return 230;
    return 66 + chart.names.length * (chart.series.length > 1 ? 10 + 21 * chart.series.length : 28);
  }

  function draw(lang) {
    while (drawn.length) drawn.pop().dispose();
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const chart = charts[place.dataset.chart];
      place.style.height = height(chart) + "px";
      const made = echarts.init(place, null, { renderer: "svg", locale: lang === "zh" ? "ZH" : "EN" });
      made.setOption(option(chart, lang));
      place.setAttribute("aria-label", place.dataset[lang === "zh" ? "labelZh" : "labelEn"]);
      scalable(place);
      drawn.push(made);
    });
  }

  // On paper the drawing shrinks with the page instead of being cut.
  function scalable(place) {
    const svg = place.querySelector("svg");
    if (svg && !svg.getAttribute("viewBox")) {
      svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
    }
  }

  function speak(lang) {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.querySelectorAll("[data-zh]").forEach((each) => { each.textContent = each.dataset[lang]; });
    document.querySelectorAll("[data-to]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.to === lang)));
    draw(lang);
    filter();
  }

  function filter() {
    const rows = document.querySelectorAll("#finding-rows tbody tr");
    if (!rows.length) return;
    const severity = document.getElementById("filter-severity").value;
    const stage = document.getElementById("filter-stage").value;
    const text = document.getElementById("filter-text").value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row) => {
      const fits = (!severity || row.dataset.severity === severity) && (!stage || row.dataset.stage === stage)
        && (!text || row.textContent.toLowerCase().includes(text));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    document.getElementById("filter-count").textContent = shown + " / " + rows.length;
  }

  document.querySelectorAll("[data-to]").forEach((each) => each.addEventListener("click", () => speak(each.dataset.to)));
  document.querySelectorAll(".filters select, .filters input").forEach((each) => each.addEventListener("input", filter));
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details.fallback:not([open])"));
    opened.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((each) => { each.open = false; }); });
  addEventListener("resize", () => drawn.forEach((each) => { each.resize(); }));
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  speak(asked === "zh" || asked === "en" ? asked : root.dataset.lang);
})();
