// The tab that lints a payload.
import { editor } from './editor';
import { list, tally } from './findings';
import { fix, latest, lint, Refused, type Linted, type Target } from './library';
import { at, say } from './page';

const example = `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso MTD",
  "partnerState": "Enabled",
  "macOSOnboarded": true,
  "iosOnboarded": "true",
  "iosEnrollmentAssignments": [
    {
      "target": {
        "@odata.type": "#microsoft.graph.groupAssignmentTarget",
        "groupId": "Mobile users"
      }
    }
  ]
}
`;

export interface LintTab { text(): string; set(text: string): void; refresh(): void }

export function lintTab(target: () => Target, refused: (why: string) => void, edited: () => void): LintTab {
  let last: Linted | undefined;

  const run = latest(async () => {
    const text = payload.text();
    const to = target();
    if (text.trim() === '') {
      last = undefined;
      refused('');
      show(text, 'Paste or type a payload. Findings appear as you type.', '');
      return;
    }
    try {
      last = await lint(text, to);
    } catch (error) {
      last = undefined;
      refused(error instanceof Refused ? error.message : '');
      show(text, `Not checked: ${(error as Error).message}.`, 'bad');
      return;
    }
    refused('');
    const { checked, apiVersion, report: { findings } } = last;
    const what = checked && `Checked as ${checked} for ${apiVersion}.`;
    show(text, findings.length > 0 ? what : `No findings. ${what}`, findings.length > 0 ? '' : 'good');
    performance.mark('findings');
  });

  function show(text: string, verdict: string, kind: string): void {
    if (payload.text() !== text) return; // it was edited in the meantime, and is linted again
    const findings = last?.report.findings ?? [];
    payload.show(text, findings);
    at('verdict').textContent = verdict;
    at('verdict').className = `verdict ${kind}`;
    at('verdict').hidden = verdict === '';
    at('counts').textContent = findings.length > 0 ? tally(findings) : '';
    list(at('findings'), findings, () => ({ editor: payload, name: '' }));
    const safe = findings.filter((f) => f.fixes.some((x) => x.safe)).length;
    at('fix-all').hidden = safe === 0;
    at('fix-all').textContent = `Apply safe fixes (${safe})`;
    say([findings.length > 0 ? tally(findings) : '', verdict].filter(Boolean).join('. '), 800);
  }

  const payload = editor({
    parent: at('payload'), label: 'Payload', text: example,
    changed() {
      edited();
      run();
    },
  });

  at('lint-example').onclick = () => payload.set(example);
  at('lint-clear').onclick = () => payload.set('');
  at('fix-all').onclick = async () => {
    const before = payload.text();
    try {
      const { text, made } = await fix(before, target());
      if (payload.text() !== before) return; // it was edited in the meantime
      at('findings-title').focus(); // the button may disappear
      payload.set(text);
      say(`${made} fixed`);
    } catch (error) {
      show(before, `Not fixed: ${(error as Error).message}.`, 'bad');
    }
  };
  run();
  return { text: payload.text, set: payload.set, refresh: run };
}
