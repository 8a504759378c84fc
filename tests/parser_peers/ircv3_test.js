'use strict';
// usage: node ircv3_test.js <chat_line_dump> <root of the project>
//
// Every tag that our parser finds in a line must be found by npm `ircv3`, with the same value, and
// the other way round, for each line that both accept.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseMessage } = require('ircv3');

const [dump, root] = process.argv.slice(2);

/** The lines of a file that are UTF-8; what to put for other bytes is each parser's own choice. */
function linesOf(file) {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const lines = fs.readFileSync(file, 'latin1').split(/\r?\n/);
    return lines.filter((line) => line !== '').flatMap((line) => {
        try {
            return [decoder.decode(Buffer.from(line, 'latin1'))];
        } catch {
            return [];
        }
    });
}

function recordedLines() {
    const own = path.join(root, 'tests', 'recordings', 'chat');
    const files = fs.readdirSync(own).map((name) => path.join(own, name, 'input.txt'));
    const shared = path.join(root, '..', 'shared', 'recordings', 'twitch-chat-lines.txt');
    if (fs.existsSync(shared)) files.push(shared);
    else console.log('no ../shared/recordings beside the project: only our own lines');
    return files.flatMap(linesOf);
}

/** What ircv3 makes of a line, or null where it refuses it. */
function peers(line) {
    try {
        const message = parseMessage(line, undefined, undefined, true, [], false);
        return { tags: Object.fromEntries(message.tags), command: message.command };
    } catch {
        return null;
    }
}

const lines = recordedLines();
const input = lines.map((line) => line + '\n').join('');
const output = execFileSync(dump, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
const ours = output.trimEnd().split('\n').map((text) => JSON.parse(text));
assert.strictEqual(ours.length, lines.length);

let compared = 0;
lines.forEach((line, index) => {
    const theirs = peers(line);
    if (theirs === null || ours[index] === null) return;
    assert.deepStrictEqual(ours[index].tags, theirs.tags, line);
    assert.strictEqual(ours[index].command, theirs.command, line);
    compared += 1;
});
console.log(`${compared} of ${lines.length} lines compared`);
assert.ok(compared > 0, 'nothing was compared');
