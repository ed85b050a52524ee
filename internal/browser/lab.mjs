// Drives JupyterLab as a person would: node lab.mjs URL FOLDER-FOR-SCREENSHOTS
import { chromium } from 'playwright-core';

const [url, shots] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
page.setDefaultTimeout(30000);
let passed = 0, failed = 0;

async function step(name, f) {
  const start = Date.now();
  try {
    await f();
    passed++;
    console.log(`ok    ${name.padEnd(40)} ${Date.now() - start} ms`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${name}: ${e.message}`);
    await page.screenshot({ path: `${shots}/failed-${passed + failed}.png` });
  }
}

function want(ok, text) { if (!ok) throw new Error(text); }

async function menu(...names) {
  for (const name of names) await page.locator('.lm-MenuBar-itemLabel, .lm-Menu-itemLabel').getByText(name, { exact: true }).first().click();
}

const idle = () => page.waitForFunction(() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.getAttribute('data-status') === 'idle');

// Waits until f, run in the page, is true.
const until = (f, arg) => page.waitForFunction(f, arg, { polling: 50 });

// Adds a cell at the end, types code, runs it; returns the locator of the cell.
async function run(code, key = 'Shift+Enter') {
  await page.keyboard.press('Escape');
  await page.locator('.jp-Notebook .jp-Cell').last().locator('.jp-InputPrompt').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(code);
  if (key) await page.keyboard.press(key);
}

const outputs = () => page.$$eval('.jp-OutputArea-output', (l) => l.map((o) => o.innerText));

await step('opens the quickstart', async () => {
  await page.goto(`${url}/lab/tree/quickstart.ipynb`);
  await page.waitForSelector('.jp-Notebook .jp-Cell');
  await page.waitForSelector('text=Go (nskernel)');
  await idle();
});

await step('runs all cells', async () => {
  await menu('Edit', 'Clear Outputs of All Cells');
  await menu('Run', 'Run All Cells');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('kernels after clearing: 0')));
  await until(() => document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg').length >= 5);
  await idle();
  const bad = await page.$$('[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]');
  want(bad.length === 0, `${bad.length} error outputs`);
  want((await outputs()).some((t) => t.includes('equal to 1e-9: true')), 'the sum of the occupancy is missing');
});

await step('draws the figures', async () => {
  const colors = await page.$$eval('.jp-OutputArea-output img', (imgs) => imgs.map((img) => {
    const c = document.createElement('canvas');
    c.width = img.width; c.height = img.height;
    const g = c.getContext('2d');
    g.drawImage(img, 0, 0, c.width, c.height);
    const d = g.getImageData(0, 0, c.width, c.height).data;
    const seen = new Set();
    for (let i = 0; i < d.length; i += 4) seen.add((d[i] >> 4) + ',' + (d[i + 1] >> 4) + ',' + (d[i + 2] >> 4));
    return [c.width, c.height, seen.size];
  }));
  want(colors.length >= 5, `${colors.length} figures`);
  for (const [w, h, n] of colors) want(w > 100 && h > 100 && n >= 4, `a figure of ${w}x${h} has ${n} colours`);
  await page.locator('.jp-OutputArea-output img').nth(3).scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${shots}/rate-map.png` });
});

await step('completes env. with Tab', async () => {
  await run('env.Smoo', null);
  await page.keyboard.press('Tab');
  await until(() => document.querySelector('.jp-Completer')?.innerText.includes('SmoothAll') ||
    document.querySelector('.jp-Notebook').innerText.includes('env.Smooth'));
  await page.screenshot({ path: `${shots}/completion.png` });
  await page.keyboard.press('Escape');
});

await step('shows a tooltip with Shift-Tab', async () => {
  await run('env.Occupancy(', null);
  await page.keyboard.press('Shift+Tab');
  await until(() => document.querySelector('.jp-Tooltip')?.innerText.includes('how long the animal was'));
  await page.screenshot({ path: `${shots}/tooltip.png` });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
});

await step('interrupts an endless cell, keeps state', async () => {
  await run('kept := 41\nfor {\n}');
  await page.waitForTimeout(500);
  await menu('Kernel', 'Interrupt Kernel');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('interrupted')));
  await run('fmt.Println("kept", kept+1)');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('kept 42')));
});

await step('shows an error with its place', async () => {
  await run('x := 1\nfmt.Println(x + nosuch)');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('undefined: nosuch')));
  await page.screenshot({ path: `${shots}/error.png` });
});

await step('answers an input prompt', async () => {
  await run('var name string\nfmt.Scan(&name)\nfmt.Println("hello", name)');
  await page.waitForSelector('.jp-Stdin-input');
  await page.fill('.jp-Stdin-input', 'gopher');
  await page.press('.jp-Stdin-input', 'Enter');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('hello gopher')));
});

await step('fills a progress bar', async () => {
  await run('bar := display.Progress(20, "sessions")\nfor range 20 {\n\ttime.Sleep(20 * time.Millisecond)\n\tbar.Add(1)\n}');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('20/20')));
});

await step('restarts the kernel', async () => {
  await menu('Kernel', 'Restart Kernel…');
  await page.click('.jp-Dialog .jp-mod-accept');
  await page.waitForTimeout(500);
  await idle();
  await run('fmt.Println("fresh")\nkept');
  await until(() => [...document.querySelectorAll('.jp-OutputArea-output')].some((o) => o.innerText.includes('undefined: kept')));
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
