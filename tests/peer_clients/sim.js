'use strict';
// Starts coven-sim for a test and finds its way there.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const readyDeadlineMs = 20_000;
const endDeadlineMs = 10_000;
const controlDeadlineMs = 10_000;

/** `promise`, or an error that names what has not come in time. */
function within(milliseconds, what, promise) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no ${what} in time`)), milliseconds);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** A running coven-sim; its log comes as JSON because its stderr is no terminal. */
class Sim {
    static async start(flags) {
        const sim = new Sim(flags);
        await within(readyDeadlineMs, 'coven-sim', sim.ready);
        return sim;
    }

    constructor(flags) {
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coven-peer-'));
        this.sentLog = path.join(this.folder, 'sent.jsonl');
        const all = [...flags, '--sent_log', this.sentLog];
        const stdio = ['ignore', 'inherit', 'pipe'];
        this.child = spawn(process.env.COVEN_SIM, all, { stdio });
        this.ended = new Promise((resolve) => this.child.once('exit', resolve));
        this.ready = new Promise((resolve, reject) => {
            this.child.once('error', reject);
            this.ended.then((status) => reject(new Error(`coven-sim ended with ${status}`)));
            readline.createInterface({ input: this.child.stderr }).on('line', (line) => {
                const entry = JSON.parse(line);
                if (entry.event !== 'ready') return;
                this.url = new URL(entry.chat_url);
                this.helixUrl = new URL(entry.helix_url);
                this.eventSubUrl = entry.eventsub_url;
                this.control = entry.control;
                resolve();
            });
        });
        this.ready.catch(() => {});
    }

    /** Does what a line of a script does; its answer, an object. */
    async tell(line) {
        const [host, port] = this.control.split(':');
        const socket = net.connect(Number(port), host, () => socket.write(`${line}\n`));
        const answered = new Promise((resolve, reject) => {
            socket.once('error', reject);
            readline.createInterface({ input: socket }).once('line', resolve);
        });
        try {
            const text = await within(controlDeadlineMs, `answer to ${line}`, answered);
            const answer = JSON.parse(text);
            if (!answer.ok) throw new Error(answer.error);
            return answer;
        } finally {
            socket.destroy();
        }
    }

    /** What was sent, as coven-sim tells it; only after `stop`. */
    sent() {
        return fs.readFileSync(this.sentLog, 'utf8').trimEnd().split('\n').map(JSON.parse);
    }

    /** Its exit status; null when it had to be killed. */
    async stop() {
        this.child.kill('SIGTERM');
        const hanging = setTimeout(() => this.child.kill('SIGKILL'), endDeadlineMs);
        return this.ended.finally(() => clearTimeout(hanging));
    }

    clean() {
        fs.rmSync(this.folder, { recursive: true });
    }
}

module.exports = { Sim, within };
