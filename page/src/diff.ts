// The tab that compares two objects.
import { editor } from './editor';
import { list, tally } from './findings';
import { diff, latest, Refused, type Compared, type DiffOptions, type Pair, type Target } from './library';
import { at, copy, count, flash, make, say } from './page';

const exampleCurrent = `{
  "@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity",
  "id": "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a",
  "lastHeartbeatDateTime": "2026-01-31T08:00:00Z",
  "partnerState": "unresponsive",
  "displayName": "Contoso MTD",
  "iosOnboarded": true,
  "iosEnrollmentAssignments": [
    {
      "target": {
        "@odata.type": "#microsoft.graph.groupAssignmentTarget",
        "groupId": "11111111-0a4b-4c11-9d3e-000000000001"
      }
    }
  ]
}
`;
const exampleDesired = `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso Mobile Threat Defense",
  "iosOnboarded": true,
  "iosEnrollmentAssignments": [
    {
      "target": {
        "@odata.type": "#microsoft.graph.groupAssignmentTarget",
        "groupId": "11111111-0a4b-4c11-9d3e-000000000001"
      }
    },
    {
      "target": {
        "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"
      }
    }
  ]
}
`;

export interface DiffTab { pair(): Pair; options(): DiffOptions; set(pair: Pair, options: DiffOptions): void; refresh(): void }

const flags = { prune: 'prune', ordered: 'ordered', odataType: 'odata-type', anyVersion: 'any-version' } as const;
const pointers = ['ignore', 'send'] as const;
const noOptions: DiffOptions = { prune: false, ordered: false, odataType: false, anyVersion: false, ignore: [], send: [] };

export function diffTab(target: () => Target, refused: (why: string) => void, edited: () => void): DiffTab {
  let last: Compared | undefined;
  let shown = '';
  const withBase = at<HTMLInputElement>('with-base');

  const pair = (): Pair => ({ current: current.text(), desired: desired.text(), base: withBase.checked ? base.text() : null });
  const options = (): DiffOptions => {
    const o = { ...noOptions };
    for (const [name, id] of Object.entries(flags)) o[name as keyof typeof flags] = at<HTMLInputElement>(id).checked;
    for (const id of pointers) o[id] = at<HTMLTextAreaElement>(id).value.split('\n').map((line) => line.trim()).filter(Boolean);
    return o;
  };

  const run = latest(async () => {
    const texts = pair();
    const empty = (['current', 'desired', 'base'] as const).filter((side) => texts[side]?.trim() === '');
    last = undefined;
    let verdict = '';
    let kind = '';
    if (empty.length > 0) {
      verdict = `Nothing to compare yet: ${empty.map((side) => at(`${side}-title`).textContent!.toLowerCase()).join(' and ')} ${empty.length > 1 ? 'are' : 'is'} empty.`;
      refused('');
    } else {
      try {
        last = await diff(texts, options(), target());
        refused('');
      } catch (error) {
        refused(error instanceof Refused ? error.message : '');
        verdict = `Not compared: ${(error as Error).message}.`;
        kind = 'bad';
      }
    }
    if (last && last.plan.errors.length > 0) {
      verdict = 'Refused: no body can be computed from these objects.';
      kind = 'bad';
    } else if (last && !last.plan.changed) {
      verdict = 'Nothing to send.';
      kind = last.notes.length > 0 ? '' : 'good';
    }
    show(texts, verdict, kind);
  });

  function show(texts: Pair, verdict: string, kind: string): void {
    const now = pair();
    if (now.current !== texts.current || now.desired !== texts.desired || now.base !== texts.base) return; // they are compared again
    const findings = [...(last?.plan.errors ?? []), ...(last?.plan.warnings ?? [])];
    current.show(texts.current, findings.filter((f) => f.file === 'current'));
    desired.show(texts.desired, findings.filter((f) => f.file === 'desired'));
    if (texts.base !== null) base.show(texts.base, findings.filter((f) => f.file === 'base'));
    at('diff-verdict').textContent = verdict;
    at('diff-verdict').className = `verdict ${kind}`;
    at('diff-verdict').hidden = verdict === '';
    at('diff-counts').textContent = findings.length > 0 ? tally(findings) : '';
    list(at('diff-findings'), findings, (file) => ({ editor: { current, desired, base }[file]!, name: file }));
    at('notes').replaceChildren(...(last?.notes ?? []).map((note) => make('li', '', note)));

    // Lines of the plan have a sign, and those of an element a deeper one.
    at('plan').hidden = !last?.text;
    at('plan').replaceChildren(...(last?.text ?? '').trimEnd().split('\n').map((line) => {
      const sign = /^ {2,6}([-+~=]) /.exec(line)?.[1];
      return make('span', sign ? { '+': 'added', '-': 'removed', '~': 'modified', '=': 'kept' }[sign]! : '', line);
    }));
    shown = last?.body ?? '';
    at('body').hidden = at('copy-body').hidden = shown === '';
    at('body').textContent = shown;
    at('body-verdict').hidden = shown !== '';
    at('body-verdict').textContent = last ? (last.plan.errors.length > 0 ? 'No body, because the objects are refused.' : 'No body, because a PATCH would change nothing.') : 'The smallest body appears here.';
    const what = last?.plan.changed ? `${last.text.trimEnd().split('\n').at(-1)}` : verdict;
    say([what, findings.length > 0 ? tally(findings) : ''].filter(Boolean).join('. '), 800);
    if (last) performance.mark('plan');
  }

  const changed = () => {
    edited();
    run();
  };
  const current = editor({ parent: at('current'), label: 'Current: the object as returned by a GET', text: exampleCurrent, changed });
  const desired = editor({ parent: at('desired'), label: 'Desired: the object as you want it', text: exampleDesired, changed });
  const base = editor({ parent: at('base'), label: 'Last applied: the object that was applied last', text: '', changed });

  const optionsChanged = () => {
    at('base-pane').hidden = !withBase.checked;
    const o = options();
    const used = [withBase.checked, o.prune, o.ordered, o.odataType, o.anyVersion, o.ignore.length > 0, o.send.length > 0].filter(Boolean).length;
    at('options-used').textContent = used > 0 ? `${count(used, 'option')} set` : '';
    run();
  };
  at('options').oninput = () => {
    edited();
    optionsChanged();
  };

  const set = (p: Pair, o: DiffOptions) => {
    current.set(p.current);
    desired.set(p.desired);
    base.set(p.base ?? '');
    withBase.checked = p.base !== null;
    for (const [name, id] of Object.entries(flags)) at<HTMLInputElement>(id).checked = o[name as keyof typeof flags];
    for (const id of pointers) at<HTMLTextAreaElement>(id).value = o[id].join('\n');
    optionsChanged();
  };

  at('diff-example').onclick = () => set({ current: exampleCurrent, desired: exampleDesired, base: null }, noOptions);
  at('diff-clear').onclick = () => set({ current: '', desired: '', base: withBase.checked ? '' : null }, options());
  at('copy-body').onclick = async () => {
    const on = at<HTMLButtonElement>('copy-body');
    await copy(shown).then(() => flash(on, 'Copied', 'the body is on the clipboard'), (error: Error) => flash(on, 'Not copied', error.message));
  };
  run();
  return { pair, options, set, refresh: run };
}
