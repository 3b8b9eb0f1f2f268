// The part of Visual Studio Code that the extension and the client library use, without its
// windows: documents that a test opens and edits, providers that a test asks, and
// messages that a test reads.
import { EventEmitter as Emitter } from 'node:events';
import { minimatch } from 'minimatch';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';

const kind = (...fields) => class { constructor(...values) { fields.forEach((field, i) => { if (values[i] !== undefined) this[field] = values[i]; }); } };
const numbers = (first, ...names) => Object.fromEntries(names.flatMap((name, i) => [[name, i + first], [i + first, name]]));

class Disposable {
  constructor(dispose = () => {}) { this.dispose = dispose; }
  static from(...all) { return new Disposable(() => all.forEach((d) => d.dispose())); }
}
class EventEmitter {
  #emitter = new Emitter();
  event = (listener, self, disposables) => {
    const call = (value) => listener.call(self, value);
    this.#emitter.on('event', call);
    const disposable = new Disposable(() => this.#emitter.off('event', call));
    disposables?.push(disposable);
    return disposable;
  };
  fire(value) { this.#emitter.emit('event', value); }
  dispose() { this.#emitter.removeAllListeners(); }
}
class CancellationTokenSource {
  #emitter = new EventEmitter();
  token = { isCancellationRequested: false, onCancellationRequested: this.#emitter.event };
  cancel() { this.token.isCancellationRequested = true; this.#emitter.fire(); }
  dispose() { this.#emitter.dispose(); }
}
class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
  isEqual(other) { return this.line === other.line && this.character === other.character; }
}
class Range {
  constructor(start, end, endLine, endCharacter) {
    [this.start, this.end] = endLine === undefined ? [start, end] : [new Position(start, end), new Position(endLine, endCharacter)];
  }
  get isEmpty() { return this.start.isEqual(this.end); }
}
class CodeActionKind {
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
  contains(other) { return this.value === '' || other.value === this.value || other.value.startsWith(this.value + '.'); }
}
for (const [name, value] of Object.entries({ Empty: '', QuickFix: 'quickfix', Refactor: 'refactor', RefactorExtract: 'refactor.extract', RefactorInline: 'refactor.inline', RefactorMove: 'refactor.move', RefactorRewrite: 'refactor.rewrite', Source: 'source', SourceOrganizeImports: 'source.organizeImports', SourceFixAll: 'source.fixAll', Notebook: 'notebook' })) CodeActionKind[name] = new CodeActionKind(value);
class MarkdownString {
  constructor(value = '') { this.value = value; }
  appendMarkdown(text) { this.value += text; return this; }
  appendCodeblock(text, language = '') { this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`; return this; }
}
class WorkspaceEdit {
  #edits = new Map();
  set(uri, edits) { this.#edits.set(uri.toString(), edits); }
  replace(uri, range, newText) { this.#edits.set(uri.toString(), [...(this.#edits.get(uri.toString()) ?? []), { range, newText }]); }
  entries() { return [...this.#edits].map(([uri, edits]) => [URI.parse(uri), edits.map((e) => (Array.isArray(e) ? e[0] : e))]); }
}

/** stub returns the module and the hands of the test. */
export function stub({ folder, settings }) {
  const on = Object.fromEntries(['onDidOpenTextDocument', 'onDidChangeTextDocument', 'onDidCloseTextDocument', 'onWillSaveTextDocument', 'onDidSaveTextDocument', 'onDidChangeConfiguration', 'onDidChangeWorkspaceFolders', 'onDidOpenNotebookDocument', 'onDidChangeNotebookDocument', 'onDidCloseNotebookDocument', 'onDidSaveNotebookDocument', 'onDidCreateFiles', 'onDidRenameFiles', 'onDidDeleteFiles', 'onWillCreateFiles', 'onWillRenameFiles', 'onWillDeleteFiles'].map((name) => [name, new EventEmitter()]));
  const events = Object.fromEntries(Object.entries(on).map(([name, emitter]) => [name, emitter.event]));
  const documents = [];
  const diagnostics = new Map();
  const diagnosed = new EventEmitter();
  const providers = {};
  const messages = [];
  const executed = [];
  const watchers = [];
  const answers = [];
  const commands = new Map();
  const log = [];
  const show = (severity) => async (text, ...rest) => {
    messages.push({ severity, text, choices: rest });
    return answers.shift();
  };
  const channel = () => ({ name: 'patchlint', append: (text) => log.push(text), appendLine: (text) => log.push(text), ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, (text) => log.push(text)])), logLevel: 0, onDidChangeLogLevel: new EventEmitter().event, clear() {}, replace() {}, show() {}, hide() {}, dispose() {} });
  const matches = (selector, document) => [selector].flat().some((filter) => {
    const { language, scheme, pattern } = typeof filter === 'string' ? { language: filter } : filter;
    return (!language || language === document.languageId) && (!scheme || scheme === document.uri.scheme) && (!pattern || minimatch(document.uri.path, pattern, { dot: true }));
  });

  const vscode = {
    version: '1.106.0', Disposable, EventEmitter, CancellationTokenSource, Position, Range, Uri: URI, CodeActionKind, MarkdownString, WorkspaceEdit,
    CancellationError: class extends Error {},
    Location: kind('uri', 'range'), Diagnostic: kind('range', 'message', 'severity'), DiagnosticRelatedInformation: kind('location', 'message'),
    Hover: kind('contents', 'range'), CompletionItem: kind('label', 'kind'), CompletionList: kind('items', 'isIncomplete'), SnippetString: kind('value'),
    CodeAction: kind('title', 'kind'), CodeLens: kind('range', 'command'), DocumentLink: kind('range', 'target'), DocumentSymbol: kind('name', 'detail', 'kind', 'range', 'selectionRange'),
    SymbolInformation: kind('name', 'kind'), CallHierarchyItem: kind('kind', 'name'), TypeHierarchyItem: kind('kind', 'name'), InlayHint: kind('position', 'label'), TabInputText: kind('uri'), TabInputTextDiff: kind(), TabInputCustom: kind(), TabInputNotebook: kind(),
    RelativePattern: kind('baseUri', 'pattern'),
    TextEdit: class { constructor(range, newText) { Object.assign(this, { range, newText }); } static replace(range, text) { return new this(range, text); } static insert(at, text) { return new this(new Range(at, at), text); } static delete(range) { return new this(range, ''); } },
    SnippetTextEdit: kind('range', 'snippet'),
    DiagnosticSeverity: numbers(0, 'Error', 'Warning', 'Information', 'Hint'), DiagnosticTag: numbers(1, 'Unnecessary', 'Deprecated'),
    CompletionItemKind: numbers(0, 'Text', 'Method', 'Function', 'Constructor', 'Field', 'Variable', 'Class', 'Interface', 'Module', 'Property', 'Unit', 'Value', 'Enum', 'Keyword', 'Snippet', 'Color', 'File', 'Reference', 'Folder', 'EnumMember', 'Constant', 'Struct', 'Event', 'Operator', 'TypeParameter'),
    CompletionItemTag: numbers(1, 'Deprecated'), CompletionTriggerKind: numbers(0, 'Invoke', 'TriggerCharacter', 'TriggerForIncompleteCompletions'), CodeActionTriggerKind: numbers(1, 'Invoke', 'Automatic'),
    SymbolKind: numbers(0, 'File', 'Module', 'Namespace', 'Package', 'Class', 'Method', 'Property', 'Field', 'Constructor', 'Enum', 'Interface', 'Function', 'Variable', 'Constant', 'String', 'Number', 'Boolean', 'Array', 'Object', 'Key', 'Null'), SymbolTag: numbers(1, 'Deprecated'),
    TextDocumentSaveReason: numbers(1, 'Manual', 'AfterDelay', 'FocusOut'), FileType: numbers(0, 'Unknown', 'File', 'Directory'), FoldingRangeKind: {}, DocumentHighlightKind: numbers(0, 'Text', 'Read', 'Write'), SignatureHelpTriggerKind: numbers(1, 'Invoke'), InlineCompletionTriggerKind: numbers(0, 'Invoke'), ProgressLocation: numbers(1, 'SourceControl'), NotebookCellKind: numbers(1, 'Markup', 'Code'), TextDocumentChangeReason: numbers(1, 'Undo', 'Redo'),
    LogLevel: numbers(0, 'Off', 'Trace', 'Debug', 'Info', 'Warning', 'Error'),
    env: { language: 'en', appName: 'a test', machineId: 'x', openExternal: async (uri) => executed.push(['open', uri.toString()]) },
    commands: {
      registerCommand: (name, run) => { commands.set(name, run); return new Disposable(() => commands.delete(name)); },
      executeCommand: async (...args) => { executed.push(args); return commands.get(args[0])?.(...args.slice(1)); },
    },
    window: {
      showErrorMessage: show('error'), showWarningMessage: show('warning'), showInformationMessage: show('information'), createOutputChannel: channel, withProgress: (_, run) => run({ report() {} }, new CancellationTokenSource().token),
      activeTextEditor: undefined, visibleTextEditors: [], onDidChangeActiveTextEditor: new EventEmitter().event, onDidChangeVisibleTextEditors: new EventEmitter().event,
      tabGroups: { all: [], onDidChangeTabs: new EventEmitter().event, onDidChangeTabGroups: new EventEmitter().event },
    },
    workspace: {
      ...events, isTrusted: true, textDocuments: documents, notebookDocuments: [], workspaceFolders: [{ uri: URI.file(folder), name: 'work', index: 0 }],
      getConfiguration: (section) => ({ get: (name, otherwise) => settings[`${section ? section + '.' : ''}${name}`] ?? otherwise, inspect: () => undefined }),
      getWorkspaceFolder: () => vscode.workspace.workspaceFolders[0],
      createFileSystemWatcher: (pattern) => {
        const [created, changed, deleted] = [new EventEmitter(), new EventEmitter(), new EventEmitter()];
        watchers.push({ pattern: pattern.pattern ?? pattern, created, changed, deleted });
        return { onDidCreate: created.event, onDidChange: changed.event, onDidDelete: deleted.event, dispose() {} };
      },
      registerTextDocumentContentProvider: () => new Disposable(),
      applyEdit: async (edit) => { hands.apply(edit); return true; },
    },
    languages: {
      match: (selector, document) => (matches(selector, document) ? 10 : 0),
      createDiagnosticCollection: () => ({
        set(uri, list) { diagnostics.set(uri.toString(), list ?? []); diagnosed.fire(); },
        delete(uri) { diagnostics.delete(uri.toString()); diagnosed.fire(); },
        get: (uri) => diagnostics.get(uri.toString()), clear() { diagnostics.clear(); }, forEach() {}, dispose() { diagnostics.clear(); },
      }),
      ...Object.fromEntries(['CodeActions', 'CompletionItem', 'Hover', 'DocumentSymbol'].map((name) => [`register${name}Provider`, (selector, provider, ...rest) => {
        providers[name] = { selector, provider, rest };
        return new Disposable(() => delete providers[name]);
      }])),
    },
  };

  /** around gives a text of the client's kind what a document of the editor has. */
  const around = (uri, languageId, version, text) => {
    const inner = TextDocument.create(uri.toString(), languageId, version, text);
    return { uri, fileName: uri.fsPath, languageId, version, isClosed: false, isDirty: true, getText: (range) => inner.getText(range), positionAt: (offset) => { const p = inner.positionAt(offset); return new Position(p.line, p.character); }, offsetAt: (position) => inner.offsetAt(position), get lineCount() { return inner.lineCount; }, inner };
  };
  const hands = {
    vscode, diagnostics, providers, messages, executed, watchers, answers, log,
    open(uri, languageId, text) {
      const document = around(uri, languageId, 1, text);
      documents.push(document);
      on.onDidOpenTextDocument.fire(document);
      return document;
    },
    close(document) {
      documents.splice(documents.indexOf(document), 1);
      on.onDidCloseTextDocument.fire(document);
    },
    edit(document, edits) {
      const contentChanges = edits.map(({ range, newText }) => ({ range, text: newText, rangeOffset: document.offsetAt(range.start), rangeLength: document.offsetAt(range.end) - document.offsetAt(range.start) })).sort((a, b) => b.rangeOffset - a.rangeOffset);
      const text = contentChanges.reduce((text, c) => text.slice(0, c.rangeOffset) + c.text + text.slice(c.rangeOffset + c.rangeLength), document.getText());
      Object.assign(document, (({ version, inner, getText, positionAt, offsetAt }) => ({ version, inner, getText, positionAt, offsetAt }))(around(document.uri, document.languageId, document.version + 1, text)));
      on.onDidChangeTextDocument.fire({ document, contentChanges });
    },
    apply(edit) {
      for (const [uri, edits] of edit.entries()) hands.edit(documents.find((d) => d.uri.toString() === uri.toString()), edits);
    },
    configure(name, value) {
      settings[name] = value;
      on.onDidChangeConfiguration.fire({ affectsConfiguration: (section) => name === section || name.startsWith(section + '.') });
    },
    /** until waits for the diagnostics of a document to be such, and returns them. */
    until(document, such, ms = 30_000) {
      const key = document.uri.toString();
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`the diagnostics are ${JSON.stringify(diagnostics.get(key))}; ${log.join('\n')}`)), ms);
        const look = () => {
          const list = diagnostics.get(key);
          if (list && such(list)) {
            clearTimeout(late);
            listening.dispose();
            resolve(list);
          }
        };
        const listening = diagnosed.event(look);
        look();
      });
    },
  };
  return hands;
}
