// Starts `patchlint lsp`, which does everything else.
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** why returns why a program cannot be the language server, or undefined. */
function why(program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ['lsp', '--help'], { timeout: 10_000 }, (error) => {
      if (!error) resolve(undefined);
      else if (error.code === 'ENOENT') resolve(`${program} was not found; install patchlint, or set its path in the setting patchlint.path`);
      else resolve(`${program} cannot run as the language server (${error.message.split('\n')[0]}); update patchlint, or name another program in the setting patchlint.path`);
    });
  });
}

async function start(): Promise<void> {
  const program = vscode.workspace.getConfiguration('patchlint').get<string>('path')?.trim() || 'patchlint';
  const fault = await why(program);
  if (fault) {
    // Not awaited, because the user may never answer.
    void vscode.window.showErrorMessage(`patchlint: ${fault}`, 'Open Settings', 'How to Install').then((chosen) => {
      if (chosen === 'Open Settings') return vscode.commands.executeCommand('workbench.action.openSettings', 'patchlint.path');
      if (chosen) return vscode.env.openExternal(vscode.Uri.parse('https://github.com/patchlint/patchlint#install'));
      return undefined;
    });
    return;
  }
  client = new LanguageClient('patchlint', 'patchlint', { command: program, args: ['lsp'] }, {
    documentSelector: [
      { scheme: 'file', pattern: '**/*.{json,jsonc,ndjson,jsonl,http,rest}' },
      { scheme: 'file', pattern: '**/.patchlint.yaml' },
      ...['json', 'jsonc', 'ndjson', 'jsonl', 'http'].map((language) => ({ scheme: 'untitled', language })),
    ],
  });
  await client.start();
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

// In sequence: do not start a server while another is being stopped.
let last = Promise.resolve();
function restart(): Promise<void> {
  return (last = last.then(stop).then(start).catch((error) => void vscode.window.showErrorMessage(`patchlint: ${error.message ?? error}`)));
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand('patchlint.restart', restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('patchlint.path')) void restart();
    }),
  );
  await restart();
}

export const deactivate = stop;
