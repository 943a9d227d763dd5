// Fills the page from the JSON block "data". Everything that came from a file becomes text, never markup.
'use strict';
(() => {
const started = performance.now();
const data = JSON.parse(document.getElementById('data').textContent);
const summary = data.summary;
const DAYS = 365;

// --- small tools ----------------------------------------------------------------------------------------------------

const byId = (id) => document.getElementById(id);

/** An element: attributes, `on` for listeners, then children, of which texts stay texts. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const fixed = (value, digits) => (isNumber(value) ? value.toFixed(digits) : '-');
function significant(value, digits) {
  if (!isNumber(value)) return '-';
  const rounded = Number(value.toPrecision(digits));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}
const percent = (value, digits = 2) => (isNumber(value) ? (100 * value).toFixed(digits) + ' %' : '-');
const keyOf = (expiry) => (expiry.root ? expiry.expiry + ' ' + expiry.root : expiry.expiry);
const plural = (count, one, many = one + 's') => count + ' ' + (count === 1 ? one : many);
const range = (count) => Array.from({ length: count }, (_, i) => i);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function daysText(t) {
  const days = DAYS * t;
  if (days < 1 / 24) return fixed(days * 24 * 60, 0) + ' min';
  if (days < 2) return fixed(days * 24, 1) + ' h';
  return fixed(days, days < 10 ? 2 : 0) + ' d';
}

/** summary.json's value at a path such as "inside.count". */
const field = (path) => path.split('.').reduce((value, name) => (value === null || value === undefined ? undefined : value[name]), summary);

/** A figure of summary.json as it stands there, shown with `digits` decimals. */
function shown(path, digits = 0) {
  return el('span', { 'data-field': path }, fixed(field(path), digits));
}

function table(head, rows, textColumns = 1) {
  const cell = (tag) => (value, column) =>
    el(tag, { class: column < textColumns ? 'text' : null, scope: tag === 'th' ? 'col' : null }, value instanceof Node ? value : String(value));
  return [el('thead', {}, el('tr', {}, ...head.map(cell('th')))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map(cell('td')))))];
}

// --- theme ----------------------------------------------------------------------------------------------------------

const redraws = [];  // what has to be drawn again when colours change
const wantsDark = window.matchMedia('(prefers-color-scheme: dark)');

function applyTheme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  byId('theme').textContent = dark ? 'Light colours' : 'Dark colours';
  Chart.defaults.color = css('ink');
  Chart.defaults.borderColor = css('grid');
  redraws.forEach((redraw) => redraw());
}

function startTheme() {
  byId('theme').addEventListener('click', () => applyTheme(document.documentElement.dataset.theme !== 'dark'));
  wantsDark.addEventListener('change', () => applyTheme(wantsDark.matches));
  applyTheme(wantsDark.matches);
}

// --- charts ---------------------------------------------------------------------------------------------------------

Chart.defaults.animation = false;
Chart.defaults.responsive = true;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.normalized = true;
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.plugins.legend.labels.usePointStyle = true;
Chart.defaults.plugins.legend.labels.boxHeight = 7;
Chart.defaults.plugins.legend.align = 'start';
Chart.defaults.interaction = { mode: 'nearest', axis: 'x', intersect: false };

/** Behind the data: a band and a line at the forward, a level, as options.plugins.marks says. */
Chart.register({
  id: 'marks',
  beforeDatasetsDraw(chart, _, marks) {
    const { ctx, chartArea: area, scales: { x, y } } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.width, area.height);
    ctx.clip();
    if (marks.band) {
      const left = x.getPixelForValue(marks.band[0]), right = x.getPixelForValue(marks.band[1]);
      ctx.fillStyle = css('band');
      ctx.fillRect(left, area.top, Math.max(2, right - left), area.height);
    }
    ctx.lineWidth = 1;
    if (isNumber(marks.forward)) {
      ctx.strokeStyle = css('forward');
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(x.getPixelForValue(marks.forward), area.top);
      ctx.lineTo(x.getPixelForValue(marks.forward), area.bottom);
      ctx.stroke();
    }
    if (isNumber(marks.level)) {
      ctx.strokeStyle = css('muted');
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(area.left, y.getPixelForValue(marks.level));
      ctx.lineTo(area.right, y.getPixelForValue(marks.level));
      ctx.stroke();
    }
    ctx.restore();
  },
});

const visible = new IntersectionObserver((entries) => entries.forEach((entry) => {
  if (!entry.isIntersecting) return;
  visible.unobserve(entry.target);
  entry.target.dispatchEvent(new Event('seen'));
}), { rootMargin: '300px' });

/** Calls `draw` when the element comes near the window, and again when it must after that. */
function lazily(element, draw) {
  let seen = false;
  element.addEventListener('seen', () => { seen = true; draw(); });
  visible.observe(element);
  const again = () => { if (seen) draw(); };
  redraws.push(again);
  return again;
}

/**
 * A figure with one chart, a sentence that says what it shows, and its numbers as a table. `make` returns
 * {config, points, text, head, rows}; the chart is drawn when it comes into view, and again by what is returned.
 */
function figure(parent, id, title, make, size = '') {
  const canvas = el('canvas', { id, role: 'img', tabindex: '0' });
  const caption = el('figcaption'), heading = el('h3', {}, title);
  const numbers = el('table'), details = el('details', {}, el('summary', {}, 'Numbers of this chart'),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Numbers: ' + title }, numbers));
  parent.append(el('figure', { 'aria-label': title }, heading, caption, el('div', { class: 'chart ' + size }, canvas), details));
  let chart = null, made = null;
  const fill = () => { if (details.open && made) numbers.replaceChildren(...table(made.head, made.rows(), made.textColumns ?? 0)); };
  details.addEventListener('toggle', fill);
  const draw = () => {
    made = make();
    if (chart) chart.destroy();
    chart = new Chart(canvas, made.config);
    canvas.dataset.points = made.points;
    canvas.setAttribute('aria-label', title + '. ' + made.text);
    caption.textContent = made.text;
    fill();
  };
  return lazily(canvas, draw);
}

const xy = (xs, ys) => xs.map((x, i) => ({ x, y: ys[i] })).filter((point) => isNumber(point.x) && isNumber(point.y));

function lineOf(label, points, color, more = {}) {
  return { type: 'line', label, data: points, borderColor: color, backgroundColor: color, borderWidth: 2, pointRadius: 0,
    pointHitRadius: 4, pointStyle: 'line', ...more };
}
function dotsOf(label, points, color, pointStyle = 'circle', more = {}) {
  return { type: 'line', label, data: points, showLine: false, borderColor: color, backgroundColor: color, pointRadius: 3,
    pointStyle, ...more };
}
function barsOf(label, points, color, count, more = {}) {
  const thick = Math.max(1.5, Math.min(5, 260 / Math.max(1, count)));
  return { type: 'bar', label, data: points, backgroundColor: color, borderColor: color, barThickness: thick,
    minBarLength: 2, grouped: false, pointStyle: 'rect', order: 2, ...more };
}

function axis(title, more = {}) {
  return { title: { display: title !== '', text: title, color: css('muted') }, offset: false,
    grid: { color: css('grid'), offset: false },
    ticks: { color: css('ink'), maxRotation: 0, autoSkipPadding: 12, includeBounds: false, ...more.ticks }, ...without(more, 'ticks') };
}
function without(object, name) {
  const { [name]: _, ...rest } = object;
  return rest;
}
const widthOf = (width) => ({ afterFit: (scale) => { scale.width = width; } });

/** Plain digits without commas that would differ from place to place. */
const plainTicks = { callback: (value) => (value !== 0 && Math.abs(value) < 1e-3 ? Number(value.toPrecision(6)).toExponential() : significant(value, 6)) };

/** 1, 2 and 5 of each decade. */
const logAxis = (title, more = {}) => axis(title, { type: 'logarithmic', afterBuildTicks: (scale) => {
  const wide = Math.log10(scale.max / scale.min), factors = wide > 4 ? [1] : wide > 2 ? [1, 3] : [1, 2, 5], ticks = [];
  for (let power = Math.floor(Math.log10(scale.min)); power <= Math.ceil(Math.log10(scale.max)); ++power) {
    factors.forEach((factor) => ticks.push({ value: Number((factor + 'e' + power)) }));
  }
  scale.ticks = ticks.filter(({ value }) => value >= scale.min && value <= scale.max);
}, ticks: plainTicks, ...more });

const TIMES = [[5 / 1440, '5 min'], [15 / 1440, '15 min'], [1 / 24, '1 h'], [6 / 24, '6 h'], [1, '1 d'], [7, '1 w'], [30.4, '1 m'],
  [91.3, '3 m'], [365, '1 y'], [730, '2 y'], [1825, '5 y'], [3650, '10 y'], [10950, '30 y']];

/** Time on a log scale with the words of the trade. */
function timeAxis() {
  const all = data.expiries.map((expiry) => DAYS * expiry.t);
  const low = Math.min(...all) / 1.25, high = Math.max(...all) * 1.25;
  return axis('time to expiry', {
    type: 'logarithmic', min: low, max: high,
    afterBuildTicks: (scale) => {
      let ticks = TIMES.filter(([days]) => days >= low && days <= high);
      if (ticks.length < 2) ticks = all.slice(0, 3).map((days) => [days, daysText(days / DAYS)]);
      scale.ticks = ticks.map(([value, label]) => ({ value, label }));
    },
    ticks: { callback: (value) => TIMES.find(([days]) => days === value)?.[1] ?? daysText(value / DAYS) },
  });
}

/** What a tooltip says, from what a dataset's points carry in `say`. */
const sayings = {
  callbacks: {
    title: (items) => items[0]?.raw.title ?? '',
    label: (item) => item.raw.say ?? item.dataset.label + ': ' + significant(item.parsed.y, 5),
  },
};

// --- result ---------------------------------------------------------------------------------------------------------

function tile(label, value, small, good) {
  return el('div', { class: 'tile' }, el('span', { class: 'label' }, label),
    el('b', { class: (good === undefined ? '' : good ? 'good' : 'bad') + ([value].flat().map((part) => part.textContent ?? part).join('').length > 15 ? ' long' : '') }, ...[value].flat()), small ? el('small', {}, ...[small].flat()) : null);
}

function certificateWords() {
  const certificate = summary.certificate;
  if (!certificate) {
    return [el('p', { class: 'notice', id: 'no-certificate' },
      'There is no certificate: summary.json has none. Nothing on this page is proved free of arbitrage; "strikenet check surface.json" can try.')];
  }
  const count = (kind) => (certificate.violations ?? []).filter((violation) => violation.kind === kind).length;
  const inequalities = el('span', { 'data-field': 'certificate.inequalities' }, fixed(certificate.inequalities, 0));
  const words = [];
  if (certificate.slices === 'proved') {
    words.push(el('p', {}, 'Strikes: proved. At every expiry no butterfly, call spread or put spread costs less than nothing, at any strike, quoted or not.'));
  } else {
    words.push(el('p', { class: 'notice' }, 'Strikes: not proved. ' + plural(count('weight'), 'weight') + ' below zero, ' +
      plural(count('moments'), 'expiry', 'expiries') + ' whose mass or mean is off; summary.json lists them.'));
  }
  words.push(certificate.calendar === 'proved'
    ? el('p', {}, 'Time: proved. At every strike relative to the forward, no option costs less than the same at an earlier expiry.')
    : certificate.calendar === 'reported'
      ? el('p', { class: 'notice' }, 'Time: reported, not enforced. ' + plural(count('calendar'), 'gap') +
        ' below zero, the worst by ' + significant(-certificate.worst_calendar_gap, 3) + ' forwards.')
      : el('p', {}, 'Time: not applicable, because ' + (data.expiries.length > 1 ? 'the expiries are on different underlyings.' : 'there is one expiry.')));
  words.push(el('p', { class: 'hint' }, inequalities, ' inequalities hold or fail in rational arithmetic, without a tolerance. Making mass and mean exactly 1 moved no weight by more than ' +
    significant(certificate.largest_move, 2) + '.'));
  return words;
}

const STATUS = { 'arbitrage-free': 'arbitrage-free', 'slices-arbitrage-free': 'free of arbitrage in strike', 'not-proved': 'not proved' };

function startResult() {
  const name = data.underlying || 'Option surface';
  byId('title').textContent = name;
  document.title = name + (data.as_of ? ', ' + data.as_of : '') + ' - strikenet report';
  byId('subtitle').textContent = (data.as_of ? 'quoted ' + data.as_of.replace('T', ' ').replace('Z', ' UTC') + ', ' : '') +
    plural(data.expiries.length, 'expiry', 'expiries') + ', ' + plural(data.expiries.reduce((sum, e) => sum + e.quotes.strike.length, 0) +
      data.unfitted.reduce((sum, e) => sum + e.quotes.strike.length, 0), 'quote') + ', ' + data.activation + ' networks';
  const tiles = byId('tiles'), status = field('certificate.status');
  tiles.append(tile('certificate', el('span', { 'data-field': 'certificate.status' }, status ? STATUS[status] ?? status : 'none'),
    status ? 'in rational arithmetic' : 'summary.json has none', status === 'arbitrage-free'));
  if (summary.inside) {
    tiles.append(tile('inside bid and ask', [shown('inside.count'), ' of ', shown('inside.of')],
      isNumber(field('inside.share')) ? percent(field('inside.share'), 2) + ' of used quotes' : 'no quote has a spread',
      field('inside.count') === field('inside.of')));
  } else {
    tiles.append(tile('inside bid and ask', '-', 'the quotes have no spread'));
  }
  const worst = field('vol_error_bp.worst');
  tiles.append(tile('vol error, rms', [shown('vol_error_bp.rms', 2), ' bp'], 'from the middle of the spread'));
  tiles.append(tile('vol error, largest', [shown('vol_error_bp.max', 2), ' bp'],
    worst ? [expiryLink(worst), ' ' + significant(worst.strike, 7) + ' ' + worst.type] : null));
  tiles.append(tile('quotes used', [shown('quotes.used'), ' of ', shown('quotes.read')], droppedWords()));
  if (isNumber(field('seconds.total'))) tiles.append(tile('time', [shown('seconds.total', 2), ' s'], 'to read, fit and prove'));
  byId('certificate').append(...certificateWords());
  startOutside();
}

function droppedWords() {
  const dropped = Object.entries(field('quotes.dropped') ?? {});
  return dropped.length ? dropped.map(([reason, count]) => count + ' ' + reason).join(', ') : 'none left out';
}

function expiryLink(expiry, text = keyOf(expiry)) {
  return el('a', { href: '#expiry=' + encodeURIComponent(keyOf(expiry)) }, text);
}

/** Half spreads by which a quote is missed; infinite where it has no width. */
function miss(quotes, i) {
  const half = (quotes.ask[i] - quotes.bid[i]) / 2, by = Math.max(quotes.bid[i] - quotes.model[i], quotes.model[i] - quotes.ask[i]);
  return half > 0 ? by / half : Infinity;
}

function startOutside() {
  const rows = [];
  data.expiries.forEach((expiry) => range(expiry.quotes.strike.length).forEach((i) => {
    if (expiry.quotes.inside[i] === '0') rows.push({ expiry, i, miss: miss(expiry.quotes, i) });
  }));
  const box = byId('outside');
  box.dataset.count = rows.length;
  if (!summary.inside) return;
  if (rows.length === 0) {
    box.append(el('p', { class: 'good' }, 'No quote lies outside its spread.'));
    return;
  }
  rows.sort((a, b) => b.miss - a.miss);
  const most = 500;
  box.append(el('h3', {}, 'Outside their spread'),
    el('p', { class: 'hint' }, plural(rows.length, 'quote') + ', the worst first' + (rows.length > most ? '; here the first ' + most + ', quotes.csv has all' : '') + '.'),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Quotes outside their spread' },
      el('table', {}, ...table(['expiry', 'strike', 'type', 'bid', 'ask', 'model', 'half spreads'], rows.slice(0, most).map(({ expiry, i, miss: by }) => {
        const q = expiry.quotes;
        return [expiryLink(expiry), significant(q.strike[i], 9), q.type[i], significant(q.bid[i], 7), significant(q.ask[i], 7),
          significant(q.model[i], 7), isNumber(by) ? fixed(by, 3) : 'no width'];
      })))));
}

// --- expiries -------------------------------------------------------------------------------------------------------

function violated(key, kinds) {
  return (field('certificate.violations') ?? []).some((v) => keyOf(v) === key && kinds.includes(v.kind));
}

function statusOf(expiry) {
  if (!summary.certificate) return 'none';
  const key = keyOf(expiry);
  if (violated(key, ['weight', 'moments'])) return 'not proved';
  return violated(key, ['calendar']) ? 'proved, but not in time' : 'proved';
}

function startExpiries() {
  const spread = Boolean(summary.inside);
  const rows = data.expiries.map((expiry) => {
    const s = expiry.summary ?? {}, status = statusOf(expiry);
    return [expiryLink(expiry), daysText(expiry.t), fixed(expiry.forward, 4), fixed(expiry.discount, 6), percent(expiry.atm_vol),
      s.quotes ?? expiry.quotes.strike.length, spread ? fixed(s.inside, 0) + ' / ' + fixed(s.used, 0) : '-',
      fixed(s.vol_error_bp_rms, 2), fixed(s.vol_error_bp_max, 2), el('span', { class: status === 'proved' ? 'good' : 'bad' }, status)];
  });
  byId('expiry-table').append(...table(['expiry', 'time', 'forward', 'discount', 'vol at the forward', 'quotes', 'inside', 'rms bp', 'max bp', 'certificate'], rows));
  data.expiries.forEach(addCard);
  if (data.expiries.length === 0) byId('gallery').append(el('p', {}, 'No expiry was fitted.'));
}

/** Without axes, only to be seen; the card's link leads to the whole. */
function mini(canvas, datasets, x, y) {
  return new Chart(canvas, { data: { datasets }, options: { events: [], plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: { x: { type: 'linear', display: false, ...x }, y: { type: 'linear', display: false, ...y } } } });
}

function addCard(expiry, index) {
  const smile = el('canvas', { id: 'card-smile-' + index, 'aria-hidden': 'true' }), density = el('canvas', { id: 'card-density-' + index, 'aria-hidden': 'true' });
  const card = el('a', { class: 'card', href: '#expiry=' + encodeURIComponent(keyOf(expiry)) }, el('b', {}, keyOf(expiry)),
    el('span', {}, daysText(expiry.t) + ', ' + percent(expiry.atm_vol, 1)), el('div', { class: 'mini' }, smile), el('div', { class: 'mini' }, density));
  byId('gallery').append(card);
  let drawn = [];
  lazily(card, () => {
    drawn.forEach((chart) => chart.destroy());
    const bounds = nearStrikes(expiry), quotes = expiry.quotes;
    const mids = range(quotes.strike.length).filter((i) => isOut(expiry, i)).map((i) => ({ x: quotes.strike[i], y: quotes.mid_vol[i] })).filter((p) => isNumber(p.y));
    const curve = xy(expiry.model.strike, expiry.model.vol);
    const x = { min: bounds[0], max: bounds[1] };
    drawn = [
      mini(smile, [lineOf('', curve, css('model'), { borderWidth: 1.5 }), dotsOf('', mids, css('quote'), 'circle', { pointRadius: 1.3 })], x,
        volRange(expiry, bounds)),
      mini(density, [densityData(expiry, 1, css('model'))], x, { beginAtZero: true })];
    card.dataset.drawn = mids.length;
  });
}

// --- one smile ------------------------------------------------------------------------------------------------------

const state = { index: 0, unit: 'vol', all: false, inTheMoney: false };
const chosen = () => data.expiries[state.index];

/** Whether quote i is out of the money, which puts are below the forward. */
const isOut = (expiry, i) => (expiry.quotes.strike[i] < expiry.forward) === (expiry.quotes.type[i] === 'P');

/** The strikes between which out-of-the-money quotes have a bid, or else the law has its mass. */
function nearStrikes(expiry) {
  const q = expiry.quotes;
  const strikes = range(q.strike.length).filter((i) => q.bid[i] > 0 && q.used[i] === '1' && isOut(expiry, i)).map((i) => q.strike[i]);
  const low = Math.min(...strikes, expiry.quantiles['0.01']), high = Math.max(...strikes, expiry.quantiles['0.99']);
  return padded(low, high, 0.03);
}
function padded(low, high, share) {
  const pad = high > low ? share * (high - low) : Math.abs(low) * 0.05 || 1;
  return [low - pad, high + pad];
}
/** Beyond them the model is extrapolated. */
function quotedBounds(expiry) {
  const strikes = expiry.quotes.strike.filter((_, i) => expiry.quotes.used[i] === '1');
  return [Math.min(...strikes), Math.max(...strikes)];
}
function strikeBounds(expiry) {
  if (!state.all) return nearStrikes(expiry);
  const strikes = [...expiry.quotes.strike, ...expiry.model.strike];
  return padded(Math.min(...strikes), Math.max(...strikes), 0.02);
}

/** Bounds of vol that the model and the middles need; a bar that is far longer is cut off by the frame. */
function volRange(expiry, [low, high]) {
  const within = (strike) => strike >= low && strike <= high, values = [];
  expiry.model.strike.forEach((strike, i) => { if (within(strike)) values.push(expiry.model.vol[i]); });
  expiry.quotes.strike.forEach((strike, i) => { if (within(strike) && isOut(expiry, i)) values.push(expiry.quotes.mid_vol[i]); });
  const known = values.filter(isNumber);
  if (known.length === 0) return {};
  const [bottom, top] = padded(Math.min(...known), Math.max(...known), 0.08);
  return { min: Math.max(0, bottom), max: top };
}

/** The quotes that the charts of the chosen expiry show, by kind. */
function kinds(expiry) {
  const q = expiry.quotes, groups = { inside: [], outside: [], askOnly: [], unused: [], single: [], money: [] };
  range(q.strike.length).forEach((i) => {
    const out = isOut(expiry, i);
    if (!out && !state.inTheMoney) return;
    if (q.used[i] !== '1') groups.unused.push(i);
    else if (!out) groups.money.push(i);
    else if (q.bid[i] === q.ask[i]) groups.single.push(i);
    else if (q.inside[i] === '0') groups.outside.push(i);
    else if (!(q.bid[i] > 0)) groups.askOnly.push(i);
    else groups.inside.push(i);
  });
  return groups;
}

const UNITS = {
  vol: { title: 'vol, %',
    bar: (q, i) => [q.bid_vol[i], q.ask_vol[i]].map((v) => (isNumber(v) ? 100 * v : null)), model: (q, i) => 100 * q.model_vol[i] },
  price: { title: 'discounted price',
    bar: (q, i) => [q.bid[i] > 0 ? q.bid[i] : null, q.ask[i]], model: (q, i) => q.model[i] },
  spread: { title: 'half spreads from the middle',
    bar: (q, i) => (q.ask[i] > q.bid[i] ? [-1, 1] : [null, null]), model: (q, i) => (q.model[i] - (q.bid[i] + q.ask[i]) / 2) / ((q.ask[i] - q.bid[i]) / 2) },
};

function quoteWords(expiry, i) {
  const q = expiry.quotes;
  return q.type[i] + ' ' + significant(q.strike[i], 9) + ': ' + significant(q.bid[i], 6) + ' to ' + significant(q.ask[i], 6) + ', model ' + significant(q.model[i], 6) +
    (isNumber(q.model_vol[i]) ? ', vol ' + percent(q.model_vol[i]) : '') + (q.used[i] === '1' ? '' : ', not used: ' + q.reason[i]);
}

/** Bars from bid to ask, and a triangle at the ask where there is no bid. */
function quoteSets(expiry, unit) {
  const groups = kinds(expiry), q = expiry.quotes, count = q.strike.length, sets = [];
  let points = 0;
  const add = (label, indices, color, style = {}) => {
    const bars = [], asks = [];
    indices.forEach((i) => {
      const [low, high] = unit.bar(q, i);
      const point = { x: q.strike[i], say: quoteWords(expiry, i) };
      if (isNumber(low) && isNumber(high) && high > low) bars.push({ ...point, y: [low, high] });
      else if (isNumber(high)) asks.push({ ...point, y: high });
    });
    points += bars.length + asks.length;
    if (bars.length) sets.push(barsOf(label, bars, color, count, style));
    if (asks.length) sets.push(dotsOf(label === 'quote' || label === 'outside its spread' ? label : 'ask, no bid', asks, color, label === 'quote' ? 'circle' : 'triangle',
      { rotation: label === 'quote' ? 0 : 180, pointRadius: 3, order: 2, backgroundColor: label === 'quote' ? color : 'transparent' }));
  };
  const faint = state.unit === 'spread' ? '40' : '';  // where every bar is as long, the dots are what one looks at
  add('bid to ask', groups.inside, css('quote') + faint);
  add(state.unit === 'spread' ? 'no bid' : 'ask', groups.askOnly, css('quote') + faint);
  add('quote', groups.single, css('quote'));
  add('outside its spread', groups.outside, css('outside') + (faint && '90'));
  add('in the money', groups.money, css('ask') + (faint && '70'), { order: 3 });
  add('not used', groups.unused, css('unused'), { order: 3 });
  return { sets, points, shown: Object.values(groups).flat().sort((a, b) => q.strike[a] - q.strike[b]) };
}

function strikeAxis(expiry) {
  const [min, max] = strikeBounds(expiry);
  return axis('strike', { type: 'linear', min, max, ticks: plainTicks });
}
function marksOf(expiry) {
  const parity = expiry.summary?.parity;
  return { forward: expiry.forward, band: parity && parity.pairs > 0 ? [parity.forward_low, parity.forward_high].sort((a, b) => a - b) : null };
}

function makeSmile() {
  const expiry = chosen(), unit = UNITS[state.unit], q = expiry.quotes;
  const { sets, points, shown: indices } = quoteSets(expiry, unit);
  const beyond = quotedBounds(expiry), dashed = { order: 1, segment: { borderDash: ({ p0, p1 }) => (p1.parsed.x <= beyond[0] || p0.parsed.x >= beyond[1] ? [5, 4] : undefined) } };
  if (state.unit === 'vol') sets.unshift(lineOf('model', xy(expiry.model.strike, expiry.model.vol.map((v) => (isNumber(v) ? 100 * v : null))), css('model'), dashed));
  if (state.unit === 'price') sets.unshift(lineOf('model', xy(expiry.model.strike, expiry.model.price.map((p) => (p > 0 ? p : null))), css('model'), dashed));
  const dots = indices.filter((i) => state.unit === 'spread' || (state.unit === 'price' && !isOut(expiry, i)))
    .map((i) => ({ x: q.strike[i], y: unit.model(q, i), say: quoteWords(expiry, i) })).filter((p) => isNumber(p.y));
  if (dots.length) sets.unshift(dotsOf(state.unit === 'spread' ? 'model' : 'model, in the money', dots, css('model'), 'circle', { order: 1, pointRadius: 2.5 }));
  const y = { ticks: plainTicks, ...widthOf(64), ...smileRange(expiry, indices, dots) };
  return {
    config: { data: { datasets: sets }, options: { scales: { x: strikeAxis(expiry), y: state.unit === 'price' ? logAxis(unit.title, y) : axis(unit.title, y) },
      plugins: { marks: { ...marksOf(expiry), level: state.unit === 'spread' ? 0 : null }, tooltip: sayings } } },
    points,
    text: 'Each bar runs from bid to ask, a triangle is an ask without a bid. ' + (state.unit === 'price' ? 'Prices on a log scale. ' : '') +
      (state.unit === 'spread' ? 'Inside means between -1 and 1. ' : '') + plural(points, 'quote') + (state.inTheMoney ? '.' : ', out of the money.') + (state.unit === 'spread' ? '' : ' The model is dashed beyond the quotes.'),
    head: ['row', 'strike', 'type', 'bid', 'ask', 'model', 'bid vol', 'ask vol', 'model vol', 'inside'],
    rows: () => indices.map((i) => [fixed(q.row[i], 0), significant(q.strike[i], 9), q.type[i], significant(q.bid[i], 7), significant(q.ask[i], 7),
      significant(q.model[i], 7), percent(q.bid_vol[i]), percent(q.ask_vol[i]), percent(q.model_vol[i]), { 1: 'yes', 0: 'no' }[q.inside[i]] ?? '-']),
  };
}

function smileRange(expiry, indices, dots) {
  const bounds = strikeBounds(expiry), q = expiry.quotes;
  const near = indices.filter((i) => q.strike[i] >= bounds[0] && q.strike[i] <= bounds[1]);
  if (state.unit === 'vol') {
    const { min, max } = volRange(expiry, bounds);
    return { min: 100 * min, max: 100 * max };
  }
  if (state.unit === 'price') {
    const values = near.flatMap((i) => [q.bid[i], q.ask[i]]).filter((v) => v > 0);
    return values.length ? { min: Math.min(...values) / 2, max: Math.max(...values) * 1.6 } : {};
  }
  const most = Math.min(20, Math.max(1.4, ...dots.filter((p) => p.x >= bounds[0] && p.x <= bounds[1]).map((p) => 1.1 * Math.abs(p.y))));
  return { min: -most, max: most };
}

/** Model less middle: in basis points of vol, or in price. Of used quotes out of the money, with a bid. */
function residuals(expiry) {
  const q = expiry.quotes, points = [], bars = [];
  range(q.strike.length).forEach((i) => {
    if (q.used[i] !== '1' || !isOut(expiry, i) || !isNumber(q.mid_vol[i]) || !isNumber(q.model_vol[i])) return;
    const price = state.unit === 'price', mid = price ? (q.bid[i] + q.ask[i]) / 2 : q.mid_vol[i], of = price ? 1 : 1e4;
    const [low, high] = price ? [q.bid[i], q.ask[i]] : [q.bid_vol[i], q.ask_vol[i]], model = price ? q.model[i] : q.model_vol[i];
    points.push({ x: q.strike[i], y: of * (model - mid), i, say: quoteWords(expiry, i) });
    if (isNumber(low) && isNumber(high) && high > low) bars.push({ x: q.strike[i], y: [of * (low - mid), of * (high - mid)], say: '' });
  });
  return { points, bars };
}

function makeResiduals() {
  const expiry = chosen(), q = expiry.quotes, { points, bars } = residuals(expiry), price = state.unit === 'price';
  const bounds = strikeBounds(expiry), largest = Math.max(...points.map((p) => Math.abs(p.y)), 1e-12);
  const split = (inside) => points.filter((p) => (q.inside[p.i] === '0') !== inside);
  const sets = [dotsOf('model less middle', split(true), css('model'), 'circle', { pointRadius: 2.5, order: 1 })];
  if (split(false).length) sets.push(dotsOf('outside its spread', split(false), css('outside'), 'rectRot', { pointRadius: 4, order: 1 }));
  if (bars.length) sets.push(barsOf('bid to ask', bars, css('quote') + '55', q.strike.length));
  const unit = price ? 'price' : 'vol, bp', most = Math.max(1.35 * largest, price ? 0 : 1);
  return {
    config: { data: { datasets: sets }, options: { scales: { x: strikeAxis(expiry), y: axis(unit, { type: 'linear', min: -most, max: most, ticks: { ...plainTicks, maxTicksLimit: 5 }, ...widthOf(64) }) },
      plugins: { marks: { forward: expiry.forward, level: 0 }, tooltip: { callbacks: { title: () => '', label: (item) => (item.raw.say ? [significant(item.parsed.y, 4) + (price ? '' : ' bp'), item.raw.say] : null) },
        filter: (item) => Boolean(item.raw.say) } } } },
    points: points.length,
    text: 'Model less the middle of the spread, ' + (price ? 'in price' : 'in basis points of vol') + '; the bars are the spreads, cut off at the frame. ' +
      plural(points.length, 'quote') + ' used, out of the money, with a bid' + (points.length && bounds ? '; the largest ' + (largest < 1e-3 ? 'less than 0.001' : significant(largest, 4)) + (price ? '' : ' bp') : '') + '.',
    head: ['row', 'strike', 'type', price ? 'model less middle' : 'model less middle, bp'],
    rows: () => points.map((p) => [fixed(q.row[p.i], 0), significant(p.x, 9), q.type[p.i], significant(p.y, 5)]),
  };
}

/** A round number of strikes over which a density of at most about a fifth falls. */
function densityStep(expiry) {
  const peak = Math.max(...expiry.density.value.filter(isNumber), 0);
  return peak > 0 ? Math.pow(10, Math.floor(Math.log10(0.5 / peak))) : 1;
}

function densityData(expiry, factor, color) {
  const points = xy(expiry.density.strike, expiry.density.value.map((v) => factor * v));
  if (expiry.density.kind === 'points') return barsOf('weight', points.filter((p) => p.y !== 0), color, 60, { minBarLength: 0, barThickness: 2 });
  return lineOf('density', points, color, { fill: 'origin', backgroundColor: color + '33', borderWidth: 2 });
}

/** The strikes of the smile, unless the law lives on a small part of them. */
function densityAxis(expiry) {
  const [min, max] = strikeBounds(expiry), [low, high] = padded(expiry.quantiles['0.001'], expiry.quantiles['0.999'], 0.03);
  const own = !state.all && high - low < 0.5 * (max - min);
  return { own, axis: own ? axis('strike', { type: 'linear', min: low, max: high, ticks: plainTicks }) : strikeAxis(expiry) };
}

function makeDensity() {
  const expiry = chosen(), points = expiry.density.kind === 'points', step = points ? 1 : densityStep(expiry), set = densityData(expiry, 100 * step, css('model'));
  const unit = points ? 'probability, %' : '% per ' + (step === 1 ? 'unit' : significant(step, 3)) + ' of strike', quantiles = expiry.quantiles;
  const maxima = expiry.summary?.density_maxima, across = densityAxis(expiry);
  return {
    config: { data: { datasets: [set] }, options: { scales: { x: across.axis, y: axis(unit, { type: 'linear', beginAtZero: true, ticks: plainTicks, ...widthOf(64) }) },
      plugins: { legend: { display: false }, marks: marksOf(expiry), tooltip: { callbacks: { title: () => '', label: (item) => 'strike ' + significant(item.parsed.x, 7) + ': ' + significant(item.parsed.y, 4) + ' ' + unit } } } } },
    points: set.data.length,
    text: (points ? 'A relu network is a law of points: the probability of each. ' : 'Risk-neutral probability of the settlement price, in ' + unit + '. ') +
      '90 % lie between ' + significant(quantiles['0.05'], 6) + ' and ' + significant(quantiles['0.95'], 6) + ', half below ' + significant(quantiles['0.5'], 6) + '.' +
      (isNumber(maxima) ? ' ' + plural(maxima, 'maximum', 'maxima') + ' above 1 % of the peak.' : '') + (across.own ? ' Shown between the quantiles 0.1 % and 99.9 %, not over all strikes of the smile.' : ''),
    head: ['strike', unit],
    rows: () => set.data.map((p) => [significant(p.x, 7), significant(p.y, 5)]),
  };
}

function facts(expiry) {
  const s = expiry.summary ?? {}, parity = s.parity, spread = Boolean(summary.inside);
  let words = daysText(expiry.t) + '. Forward ' + fixed(expiry.forward, 4) + ', discount factor ' + fixed(expiry.discount, 6) + ', vol at the forward ' + percent(expiry.atm_vol) + '. ';
  if (s.forward_given || !parity || !(parity.pairs > 0)) words += 'The forward was given, not found by parity. ';
  else {
    words += 'Parity of ' + plural(parity.pairs, 'pair') + ' leaves forwards from ' + fixed(parity.forward_low, 4) + ' to ' + fixed(parity.forward_high, 4);
    words += parity.violation > 0 ? ': none satisfies all, the chosen one misses ' + parity.violated.length + ' by at most ' + significant(parity.violation, 3) + '. ' : '. ';
  }
  words += spread ? fixed(s.inside, 0) + ' of ' + fixed(s.used, 0) + ' quotes inside' : plural(s.used ?? 0, 'quote') + ' used, without spreads';
  return words + (isNumber(s.vol_error_bp_rms) ? '; vol error ' + fixed(s.vol_error_bp_rms, 2) + ' bp rms, ' + fixed(s.vol_error_bp_max, 2) + ' bp at most.' : '.');
}

/** Buttons of which one is pressed. */
function choice(label, options, get, set) {
  const group = el('span', { class: 'group', role: 'group', 'aria-label': label });
  const update = () => [...group.children].forEach((button) => button.setAttribute('aria-pressed', String(button.value === get())));
  options.forEach(([value, text, why]) => group.append(el('button', { type: 'button', value, disabled: Boolean(why), title: why ?? null,
    on: { click: () => { set(value); update(); } } }, text)));
  update();
  return group;
}

function startSmile() {
  if (data.expiries.length === 0) {
    byId('smile-charts').append(el('p', { class: 'notice' }, 'No expiry was fitted.'));
    return;
  }
  const spread = data.expiries.some((expiry) => expiry.quotes.strike.some((_, i) => expiry.quotes.ask[i] > expiry.quotes.bid[i]));
  const select = el('select', { id: 'expiry-choice', 'aria-label': 'Expiry', on: { change: () => go(Number(select.value)) } },
    ...data.expiries.map((expiry, i) => el('option', { value: i }, keyOf(expiry))));
  const before = el('button', { type: 'button', id: 'before', 'aria-label': 'Earlier expiry', on: { click: () => go(state.index - 1) } }, '\u2190');
  const after = el('button', { type: 'button', id: 'after', 'aria-label': 'Later expiry', on: { click: () => go(state.index + 1) } }, '\u2192');
  const check = (id, label, name) => el('label', {}, el('input', { type: 'checkbox', id, on: { change: (event) => { state[name] = event.target.checked; redrawSmile(); } } }), label);
  byId('smile-toolbar').append(el('span', { class: 'toolbar' }, before, select, after),
    choice('Unit', [['vol', 'Vol'], ['price', 'Price'], ['spread', 'Half spreads', spread ? undefined : 'the quotes have no spread']], () => state.unit,
      (unit) => { state.unit = unit; redrawSmile(); }),
    check('all-strikes', 'all strikes', 'all'), check('in-the-money', 'in the money too', 'inTheMoney'));
  const box = byId('smile-charts');
  const draws = [figure(box, 'smile-chart', 'Smile', makeSmile, 'tall'), figure(box, 'residual-chart', 'Residuals', makeResiduals, 'low'),
    figure(box, 'density-chart', 'Density', makeDensity)];
  const redrawSmile = () => {
    const expiry = chosen();
    byId('smile-title').textContent = 'Smile of ' + keyOf(expiry);
    byId('smile-facts').textContent = facts(expiry);
    byId('smile').dataset.expiry = keyOf(expiry);
    select.value = state.index;
    before.disabled = state.index === 0;
    after.disabled = state.index + 1 === data.expiries.length;
    draws.forEach((draw) => draw());
  };
  const go = (index) => {
    state.index = Math.max(0, Math.min(data.expiries.length - 1, index));
    history.replaceState(null, '', '#expiry=' + encodeURIComponent(keyOf(chosen())));
    redrawSmile();
  };
  const follow = () => {
    const wanted = /^#expiry=(.*)$/.exec(location.hash);
    let key = null;
    try { key = wanted && decodeURIComponent(wanted[1]); } catch { key = null; }
    const index = data.expiries.findIndex((expiry) => keyOf(expiry) === key);
    if (index < 0) return;
    state.index = index;
    redrawSmile();
    byId('smile').scrollIntoView();
  };
  state.index = Math.floor((data.expiries.length - 1) / 2);
  redrawSmile();
  addEventListener('hashchange', follow);
  follow();
}

// --- surface --------------------------------------------------------------------------------------------------------

const grid = data.surface;
const VIRIDIS = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37]];

/** Blue to yellow: even in lightness, and told apart by everyone (van der Walt and Smith 2015). */
function viridis(share) {
  const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1), i = Math.min(VIRIDIS.length - 2, Math.floor(at));
  return VIRIDIS[i].map((from, c) => Math.round(from + (at - i) * (VIRIDIS[i + 1][c] - from)));
}
const rgb = (color) => 'rgb(' + color.join(',') + ')';

const HEIGHTS = {
  vol: { title: 'implied vol', value: (row, column) => { const w = grid.total_variance[row][column]; return isNumber(w) && w >= 0 ? Math.sqrt(w / grid.t[row]) : NaN; }, show: (v) => percent(v, 1) },
  variance: { title: 'total variance', log: true, value: (row, column) => grid.total_variance[row][column] ?? NaN, show: (v) => (v < 1e-3 ? Number(v.toPrecision(2)).toExponential() : significant(v, 2)) },
  local: { title: 'local vol', value: (row, column) => grid.local_vol?.[row][column] ?? NaN, show: (v) => percent(v, 1) },
};

/** Values on the grid as shares of their range, of which one percent at each end is cut off; and the range. */
function heights(kind) {
  const { value, log } = HEIGHTS[kind], of = (v) => (log ? Math.log(v) : v);
  const rows = grid.t.map((_, row) => grid.deviation.map((__, column) => of(value(row, column))));
  const known = rows.flat().filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const low = known[Math.floor(0.005 * known.length)], high = known[Math.min(known.length - 1, Math.ceil(0.985 * known.length))], wide = high - low || 1;
  const back = (share) => (log ? Math.exp(low + share * wide) : low + share * wide);
  return { rows: rows.map((row) => row.map((v) => (Number.isFinite(v) ? Math.max(0, Math.min(1, (v - low) / wide)) : NaN))), back, count: known.length };
}

const surfaceState = { kind: 'vol', flat: false };

function timeTicks() {
  const low = grid.t[0] * DAYS, high = grid.t[grid.t.length - 1] * DAYS;
  let ticks = TIMES.filter(([days]) => days >= low * 0.999 && days <= high * 1.001);
  if (ticks.length < 2) ticks = [...new Set([low, high])].map((days) => [days, daysText(days / DAYS)]);
  return ticks;
}
const timeShare = (t) => { const first = Math.log(grid.t[0]), last = Math.log(grid.t[grid.t.length - 1]); return last > first ? (Math.log(t) - first) / (last - first) : 0.5; };
const deviationShare = (x) => (x - grid.deviation[0]) / (grid.deviation[grid.deviation.length - 1] - grid.deviation[0]);

/** The same numbers as colours in a plane: what is shown without WebGL, or by choice. */
function drawFlat(canvas) {
  const shares = heights(surfaceState.kind), box = canvas.parentElement.getBoundingClientRect(), dpr = window.devicePixelRatio || 1;
  canvas.width = box.width * dpr; canvas.height = box.height * dpr;
  canvas.style.width = box.width + 'px'; canvas.style.height = box.height + 'px';
  const ctx = canvas.getContext('2d'), left = 58, right = 14, top = 12, bottom = 44, w = box.width - left - right, h = box.height - top - bottom;
  ctx.scale(dpr, dpr);
  ctx.clearRect(0, 0, box.width, box.height);
  if (!shares) return;
  const xs = grid.deviation.map(deviationShare), ys = grid.t.map(timeShare), edge = (values, i) => (i <= 0 ? 0 : i >= values.length ? 1 : (values[i - 1] + values[i]) / 2);
  shares.rows.forEach((row, r) => row.forEach((share, c) => {
    if (!Number.isFinite(share)) return;
    const x0 = left + w * edge(xs, c), x1 = left + w * edge(xs, c + 1), y0 = top + h * (1 - edge(ys, r)), y1 = top + h * (1 - edge(ys, r + 1));
    ctx.fillStyle = rgb(viridis(share));
    ctx.fillRect(x0, y1, x1 - x0 + 0.6, y0 - y1 + 0.6);
  }));
  ctx.fillStyle = css('ink');
  ctx.font = '12px ' + Chart.defaults.font.family;
  ctx.textAlign = 'right'; ctx.textBaseline = 'middle';
  timeTicks().forEach(([days, label]) => ctx.fillText(label, left - 6, top + h * (1 - timeShare(days / DAYS))));
  ctx.textAlign = 'center'; ctx.textBaseline = 'top';
  for (let x = Math.ceil(grid.deviation[0]); x <= grid.deviation[grid.deviation.length - 1] + 1e-9; x += 1) ctx.fillText(String(x), left + w * deviationShare(x), top + h + 6);
  ctx.fillText('log strike / forward, in at-the-money deviations', left + w / 2, top + h + 24);
}

/** A surface that can be turned: by mouse, finger, or arrow keys. Returns null without WebGL. */
function makeScene(box) {
  let renderer;
  try {
    renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
  } catch { return null; }
  if (!renderer.getContext()) return null;
  renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
  const scene = new THREE.Scene(), camera = new THREE.PerspectiveCamera(32, 1, 0.1, 50), target = new THREE.Vector3(0, -0.2, 0);
  const canvas = renderer.domElement;
  canvas.id = 'surface-canvas';
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'img');
  box.append(canvas);
  let X = 1.5;  // half the box, in its three directions; longer where there is room
  const Y = 0.75, Z = 1.1;
  // The last expiry is in front - but of total variance, which rises with time, the first, or it would be seen edge on.
  const place = (x, height, t) => new THREE.Vector3(X * (2 * x - 1), Y * (2 * height - 1), Z * (2 * t - 1) * (surfaceState.kind === 'variance' ? -1 : 1));
  const front = (t) => (surfaceState.kind === 'variance' ? 1 - t : t);
  const controls = new THREE.OrbitControls(camera, canvas);
  controls.target.copy(target);
  controls.enablePan = false; controls.enableKeys = false;
  controls.minDistance = 2; controls.maxDistance = 16;
  const labels = [];
  let content = new THREE.Group(), turned = false;
  /** As near as the whole box and its labels can be seen from. */
  const fit = () => {
    const corners = [camera.aspect < 1.6 ? -0.2 : -0.1, 1.1].flatMap((x) => [-0.1, 1.02].flatMap((h) => [-0.03, 1.1].map((t) => place(x, h, front(t)))));
    for (let distance = 3; distance < 16; distance += 0.1) {
      camera.position.set(0.46, 0.46, 0.76).normalize().multiplyScalar(distance).add(target);
      camera.lookAt(target);
      camera.updateMatrixWorld();
      if (corners.every((corner) => { const p = corner.clone().project(camera); return Math.abs(p.x) < 0.99 && Math.abs(p.y) < 0.97; })) break;
    }
    controls.update();
  };

  const render = () => {
    renderer.render(scene, camera);
    const width = box.clientWidth, height = box.clientHeight, taken = [];
    labels.forEach(({ span, at }) => {
      const p = at.clone().project(camera), x = (p.x + 1) / 2 * width, y = (1 - p.y) / 2 * height;
      const w = span.offsetWidth / 2 + 2, h = span.offsetHeight / 2;
      const hidden = p.z > 1 || taken.some((b) => Math.abs(b.x - x) < b.w + w && Math.abs(b.y - y) < b.h + h);
      span.style.visibility = hidden ? 'hidden' : 'visible';
      if (!hidden) taken.push({ x, y, w, h });
      span.style.transform = 'translate(-50%, -50%) translate(' + x.toFixed(1) + 'px,' + y.toFixed(1) + 'px)';
    });
  };
  const label = (text, at, kind = '') => {
    const span = el('span', { class: 'tick ' + kind }, text);
    box.append(span);
    labels.push({ span, at });
  };
  const lines = (points, color, opacity = 1) => {
    const geometry = new THREE.BufferGeometry().setFromPoints(points);
    content.add(new THREE.LineSegments(geometry, new THREE.LineBasicMaterial({ color: new THREE.Color(color), transparent: true, opacity })));
  };

  /** Triangles between neighbours that all have a value. */
  const mesh = (rows) => {
    const columns = grid.deviation.length, positions = [], colors = [], triangles = [];
    rows.forEach((row, r) => row.forEach((share, c) => {
      const p = place(deviationShare(grid.deviation[c]), Number.isFinite(share) ? share : 0, timeShare(grid.t[r]));
      positions.push(p.x, p.y, p.z);
      colors.push(...viridis(share || 0).map((part) => part / 255));
    }));
    const ok = (r, c) => Number.isFinite(rows[r][c]);
    for (let r = 0; r + 1 < rows.length; ++r) {
      for (let c = 0; c + 1 < columns; ++c) {
        const a = r * columns + c, b = a + 1, d = a + columns, e = d + 1;
        if (ok(r, c) && ok(r, c + 1) && ok(r + 1, c)) triangles.push(a, d, b);
        if (ok(r + 1, c + 1) && ok(r, c + 1) && ok(r + 1, c)) triangles.push(b, d, e);
      }
    }
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
    geometry.setAttribute('color', new THREE.Float32BufferAttribute(colors, 3));
    geometry.setIndex(triangles);
    content.add(new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({ vertexColors: THREE.VertexColors, side: THREE.DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 })));
  };
  /** A line along each expiry, and along every whole deviation. */
  const ribs = (rows) => {
    const points = [], at = (r, c) => place(deviationShare(grid.deviation[c]), rows[r][c], timeShare(grid.t[r]));
    const add = (r, c, r2, c2) => { if (Number.isFinite(rows[r][c]) && Number.isFinite(rows[r2][c2])) points.push(at(r, c), at(r2, c2)); };
    grid.t.forEach((t, r) => {
      if (data.expiries.some((expiry) => Math.abs(expiry.t / t - 1) < 1e-6)) for (let c = 0; c + 1 < grid.deviation.length; ++c) add(r, c, r, c + 1);
    });
    grid.deviation.forEach((x, c) => {
      if (Math.abs(x - Math.round(x)) < 1e-6) for (let r = 0; r + 1 < grid.t.length; ++r) add(r, c, r + 1, c);
    });
    lines(points, '#000000', 0.28);
  };
  const frame = (back) => {
    const corner = (x, h, t) => place(x, h, t), edges = [];
    [[0, 0], [1, 0], [0, 1], [1, 1]].forEach(([a, b]) => edges.push(corner(a, 0, b), corner(a, 1, b), corner(a, b, 0), corner(a, b, 1), corner(0, a, b), corner(1, a, b)));
    lines(edges, css('muted'), 0.45);
    for (let x = Math.ceil(grid.deviation[0]); x <= grid.deviation[grid.deviation.length - 1] + 1e-9; x += 1) label(String(x), corner(deviationShare(x), -0.06, front(1.06)));
    label('deviations of log strike / forward', corner(0.3, -0.42, front(1.12)), 'axis');
    timeTicks().forEach(([days, text]) => label(text, corner(1.07, -0.04, timeShare(days / DAYS))));
    label('time', corner(1.15, -0.1, front(0.55)), 'axis');
    [0, 0.25, 0.5, 0.75, 1].forEach((share) => label(HEIGHTS[surfaceState.kind].show(back(share)), corner(-0.06, share, front(1.02))));
  };
  const draw = () => {
    labels.splice(0).forEach(({ span }) => span.remove());
    scene.remove(content);
    content.traverse((part) => { part.geometry?.dispose(); part.material?.dispose(); });
    content = new THREE.Group();
    X = box.clientWidth > 1.6 * box.clientHeight ? 2.5 : 1.5;
    turned = false;
    const shares = heights(surfaceState.kind);
    if (shares) { mesh(shares.rows); ribs(shares.rows); frame(shares.back); }
    scene.add(content);
    resize();
  };
  const resize = () => {
    const width = box.clientWidth, height = box.clientHeight;
    if (!width || !height) return;
    renderer.setSize(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    if (!turned) fit();
    render();
  };
  canvas.addEventListener('keydown', (event) => {
    const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], zoom = { '+': 0.9, '=': 0.9, '-': 1.1 }[event.key];
    if (!turn && !zoom) return;
    event.preventDefault();
    turned = true;
    const spherical = new THREE.Spherical().setFromVector3(camera.position.clone().sub(target));
    if (turn) { spherical.theta += 0.12 * turn[0]; spherical.phi = Math.max(0.1, Math.min(Math.PI - 0.1, spherical.phi + 0.12 * turn[1])); }
    if (zoom) spherical.radius = Math.max(2, Math.min(16, spherical.radius * zoom));
    camera.position.copy(new THREE.Vector3().setFromSpherical(spherical).add(target));
    controls.update();
    render();
  });
  controls.addEventListener('start', () => { turned = true; });
  controls.addEventListener('change', render);
  addEventListener('resize', resize);
  return { draw, canvas };
}

function startSurface() {
  if (grid.t.length < 2) {
    byId('surface-view').append(el('p', { id: 'no-surface' }, 'One expiry makes no surface.'));
    figure(byId('surface-charts'), 'variance-chart', 'Total variance by expiry', makeVariance, 'tall');
    return;
  }
  const box = byId('surface-view'), view = el('div', { class: 'view3d' }), flat = el('canvas', { id: 'surface-flat', role: 'img', hidden: true });
  const words = el('p', { class: 'hint', id: 'surface-words' }), scale = el('div', { class: 'scale' });
  const numbers = el('table'), details = el('details', {}, el('summary', {}, 'Numbers of this surface'),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Numbers of the surface' }, numbers));
  view.append(flat);
  box.append(words, view, scale, details);
  let scene = null, tried = false;
  const local = grid.local_vol ? undefined : data.calendar ? 'a relu network has points, and no local vol' : 'the expiries are on different underlyings';
  byId('surface-toolbar').append(choice('Surface', [['vol', 'Implied vol'], ['variance', 'Total variance'], ['local', 'Local vol', local]], () => surfaceState.kind,
    (kind) => { surfaceState.kind = kind; redraw(); }),
  el('label', {}, el('input', { type: 'checkbox', id: 'flat', on: { change: (event) => { surfaceState.flat = event.target.checked; redraw(); } } }), 'as a flat map'));
  const fill = () => {
    if (!details.open) return;
    const { value, show } = HEIGHTS[surfaceState.kind], columns = range(grid.deviation.length).filter((c) => Math.abs(grid.deviation[c] - Math.round(grid.deviation[c])) < 1e-6);
    numbers.replaceChildren(...table(['time', ...columns.map((c) => fixed(grid.deviation[c], 0) + ' dev')],
      grid.t.map((t, r) => [daysText(t), ...columns.map((c) => (Number.isFinite(value(r, c)) ? show(value(r, c)) : '-'))])));
  };
  details.addEventListener('toggle', fill);
  const draw = () => {
    if (!tried) { tried = true; scene = makeScene(view); }
    const shares = heights(surfaceState.kind), kind = HEIGHTS[surfaceState.kind];
    const is3d = scene !== null && !surfaceState.flat;
    byId('flat').disabled = scene === null;
    flat.hidden = is3d;
    if (scene) scene.canvas.hidden = !is3d;
    view.querySelectorAll('.tick').forEach((tick) => { tick.hidden = !is3d; });
    if (is3d) scene.draw(); else drawFlat(flat);
    const text = shares ? kind.title.charAt(0).toUpperCase() + kind.title.slice(1) + ' by time to expiry (log scale) and log strike / forward in at-the-money deviations (vol at the forward times root of time), where both tails hold at least 1e-4' +
      (surfaceState.kind === 'vol' ? '' : surfaceState.kind === 'variance' ? '; vol squared times time, on a log scale' : "; Dupire's, which jumps at expiries") +
      '. Values beyond the ends of the scale are cut off there. ' : 'Nothing to draw. ';
    words.textContent = text + (scene === null ? 'This browser has no WebGL, so the surface is shown as a map.' : is3d ? 'Drag to turn it, or use the arrow keys, + and -.' : '');
    (is3d ? scene.canvas : flat).setAttribute('aria-label', text);
    view.dataset.points = shares ? shares.count : 0;
    view.dataset.kind = scene === null ? 'map, no WebGL' : is3d ? '3d' : 'map';
    scale.replaceChildren(...(shares ? [kind.show(shares.back(0)), el('i', { style: 'background: linear-gradient(90deg,' + range(9).map((i) => rgb(viridis(i / 8))).join(',') + ')' }), kind.show(shares.back(1))] : []));
    fill();
  };
  const redraw = lazily(view, draw);
  addEventListener('resize', () => { if (!flat.hidden && tried) drawFlat(flat); });
  figure(byId('surface-charts'), 'variance-chart', 'Total variance by expiry', makeVariance, 'tall');
}

function makeVariance() {
  const count = data.expiries.length;
  const seen = document.documentElement.dataset.theme === 'dark' ? [0.3, 1] : [0, 0.88];  // what stands out from the paper
  const sets = data.expiries.map((expiry, index) => {
    const [low, high] = nearStrikes(expiry);
    const points = expiry.model.strike.map((strike, i) => ({ x: Math.log(strike / expiry.forward), y: expiry.model.vol[i] ** 2 * expiry.t, v: expiry.model.vol[i], strike }))
      .filter((p) => isNumber(p.v) && p.y > 0 && p.strike >= low && p.strike <= high);
    return lineOf(keyOf(expiry), points, rgb(viridis(seen[0] + (seen[1] - seen[0]) * (count > 1 ? index / (count - 1) : 0.5))), { borderWidth: 1.5 });
  });
  const xs = sets.flatMap((set) => set.data.map((p) => p.x)), bounds = xs.length ? padded(Math.min(...xs), Math.max(...xs), 0.02) : [-1, 1];
  const points = xs.length;
  return {
    config: { data: { datasets: sets }, options: { interaction: { mode: 'nearest', axis: 'xy', intersect: false }, scales: { x: axis('log strike / forward', { type: 'linear', min: bounds[0], max: bounds[1], ticks: plainTicks }), y: logAxis('vol squared times time', widthOf(64)) },
      plugins: { legend: { display: false }, tooltip: { callbacks: { title: () => '', label: (item) => item.dataset.label + ': ' + significant(item.parsed.y, 4) } } } } },
    points,
    text: 'One line per expiry, from blue for the first to yellow for the last, over the strikes with a bid. Without arbitrage in time no line crosses another. Log scale.',
    textColumns: 1,
    head: ['expiry', 'at the forward'],
    rows: () => data.expiries.map((expiry) => [keyOf(expiry), significant(expiry.atm_vol ** 2 * expiry.t, 5)]),
  };
}

// --- term structure -------------------------------------------------------------------------------------------------

function startTerm() {
  const box = byId('term-charts'), days = data.expiries.map((expiry) => DAYS * expiry.t);
  const points = (of, words) => data.expiries.map((expiry, i) => ({ x: days[i], y: of(expiry), say: keyOf(expiry) + ': ' + words(expiry) })).filter((p) => isNumber(p.y));
  const simple = (id, title, unit, of, words, text, { curve = null, span = 0, log = false } = {}) => figure(box, id, title, () => {
    const dots = points(of, words), sets = [dotsOf('expiry', dots, css('quote'), 'circle', { pointRadius: 3.5, order: 1 })];
    const line = curve ? xy(curve.t.map((t) => DAYS * t), curve.vol.map((v) => (isNumber(v) ? 100 * v : null))) : dots.map(({ x, y }) => ({ x, y }));
    sets.push(lineOf('between', line, css('model'), { borderWidth: 1.5, order: 2 }));
    // A span that is less than what matters would make noise look like a move.
    const ys = dots.map(({ y }) => y), middle = (Math.min(...ys) + Math.max(...ys)) / 2;
    const limits = span > 0 && ys.length ? { suggestedMin: middle - span / 2, suggestedMax: middle + span / 2 } : {};
    return {
      config: { data: { datasets: sets }, options: { scales: { x: timeAxis(), y: log ? logAxis(unit, widthOf(64)) : axis(unit, { type: 'linear', ticks: plainTicks, ...limits, ...widthOf(64) }) },
        plugins: { legend: { display: false }, tooltip: { filter: (item) => Boolean(item.raw.say), callbacks: { title: () => '', label: (item) => item.raw.say } } } } },
      points: dots.length, text, textColumns: 1, head: ['expiry', 'days', unit],
      rows: () => data.expiries.map((expiry, i) => [keyOf(expiry), fixed(days[i], 2), significant(of(expiry), 9)]),
    };
  });
  simple('atm-chart', 'Vol at the forward', 'vol, %', (e) => (isNumber(e.atm_vol) ? 100 * e.atm_vol : null), (e) => percent(e.atm_vol),
    data.term ? 'Dots are expiries; between them total variance runs straight in time.' : 'Dots are expiries.', { curve: data.term, span: 2 });
  simple('atm-variance-chart', 'Total variance at the forward', 'vol squared times time', (e) => (isNumber(e.atm_vol) ? e.atm_vol ** 2 * e.t : null),
    (e) => significant(e.atm_vol ** 2 * e.t, 5), 'Without arbitrage in time it never falls. Log scale.', { log: true });
  simple('forward-chart', 'Forwards', 'currency per unit', (e) => e.forward, (e) => fixed(e.forward, 4), 'The forward of each expiry.');
  if (!data.expiries.some((expiry) => expiry.summary?.parity?.pairs > 0)) {
    box.append(el('figure', {}, el('h3', {}, 'Forwards within their parity bands'), el('figcaption', {}, 'The forwards were given, not found by put-call parity: there are no bands.')));
  } else figure(box, 'parity-chart', 'Forwards within their parity bands', () => {
    const known = data.expiries.map((expiry, i) => ({ expiry, days: days[i], parity: expiry.summary?.parity })).filter(({ parity }) => parity && parity.pairs > 0);
    const middle = (p) => (p.forward_low + p.forward_high) / 2;
    const say = (k) => keyOf(k.expiry) + ': ' + fixed(k.expiry.forward, 4) + ' in ' + fixed(k.parity.forward_low, 4) + ' to ' + fixed(k.parity.forward_high, 4);
    const bars = known.map((k) => ({ x: k.days, y: [k.parity.forward_low - middle(k.parity), k.parity.forward_high - middle(k.parity)].sort((a, b) => a - b), say: say(k) }));
    const dots = known.map((k) => ({ x: k.days, y: k.expiry.forward - middle(k.parity), say: say(k) }));
    return {
      config: { data: { datasets: [dotsOf('forward', dots, css('model'), 'circle', { order: 1 }), barsOf('parity band', bars, css('forward') + '88', 30, { barThickness: 5 })] },
        options: { scales: { x: timeAxis(), y: axis('from the middle of the band', { type: 'linear', ticks: plainTicks, ...widthOf(64) }) }, plugins: { marks: { level: 0 }, tooltip: sayings } } },
      points: dots.length,
      text: 'What put-call parity leaves at the chosen discount factor, and the forward chosen in it, in currency.',
      textColumns: 1, head: ['expiry', 'low', 'forward', 'high', 'pairs'],
      rows: () => known.map((k) => [keyOf(k.expiry), fixed(k.parity.forward_low, 4), fixed(k.expiry.forward, 4), fixed(k.parity.forward_high, 4), k.parity.pairs]),
    };
  });
  simple('discount-chart', 'Discount factors', 'discount factor', (e) => e.discount, (e) => fixed(e.discount, 6), 'The discount factor to each expiry.', { span: 0.01 });
  simple('rate-chart', 'Zero rates', '% a year', (e) => -100 * Math.log(e.discount) / e.t, (e) => fixed(-100 * Math.log(e.discount) / e.t, 3) + ' %',
    'The same as continuously compounded rates.', { span: 0.5 });
}

// --- quotes left out ------------------------------------------------------------------------------------------------

const REASONS = { 'no-ask': 'the ask is missing or zero', crossed: 'the bid is above the ask', expired: 'the expiry is not after the as-of',
  duplicate: 'an earlier line has the same option', placeholder: 'a vol of 10 and more stands for none',
  thin: 'its expiry has too few strikes, or no bid at all', 'no-forward': 'nothing gives its expiry a forward',
  'two-chains': 'two chains under one date, and no telling which is right', 'one-side': 'a bid or an ask alone, beside the mids of the file' };

function startDropped() {
  const box = byId('dropped-view'), rows = [];
  [...data.expiries, ...data.unfitted].forEach((expiry) => Object.entries(expiry.quotes.reason).forEach(([i, reason]) => rows.push({ expiry, i: Number(i), reason })));
  box.dataset.count = rows.length;
  if (rows.length === 0) {
    box.append(el('p', {}, 'Every quote of the file was used.'));
    return;
  }
  const counts = Object.entries(field('quotes.dropped') ?? {});
  box.append(el('table', { id: 'dropped-table' }, ...table(['reason', 'quotes', ''], counts.map(([reason, count]) => [reason, count, REASONS[reason] ?? '']))));
  if (data.unfitted.length) {
    box.append(el('p', { id: 'unfitted' }, 'Not fitted: ' + data.unfitted.map((expiry) => keyOf(expiry) + ' (' + plural(expiry.quotes.strike.length, 'quote') + ')').join(', ') + '.'));
  }
  const most = 500;
  box.append(el('details', {}, el('summary', {}, rows.length > most ? 'The first ' + most + ' of them; quotes.csv has all' : 'The quotes'),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Quotes left out' }, el('table', {}, ...table(['expiry', 'row', 'strike', 'type', 'bid', 'ask', 'reason'], rows.slice(0, most).map(({ expiry, i, reason }) => {
      const q = expiry.quotes;
      return [keyOf(expiry), fixed(q.row[i], 0), significant(q.strike[i], 9), q.type[i], significant(q.bid[i], 7), significant(q.ask[i], 7), reason];
    }))))));
}

// --- go -------------------------------------------------------------------------------------------------------------

startTheme();
startResult();
startExpiries();
startSmile();
startSurface();
if (data.expiries.length) startTerm();
startDropped();
byId('made').textContent = 'Drawn by strikenet from surface.json, quotes.csv and summary.json; nothing is fetched.';
document.documentElement.dataset.ready = fixed(performance.now() - started, 1);
})();
