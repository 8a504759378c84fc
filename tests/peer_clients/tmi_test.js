'use strict';
// npm `tmi.js`, unchanged, reads and speaks on coven-sim.

const assert = require('node:assert');
const test = require('node:test');
const tmi = require('tmi.js');

const { Sim, within } = require('./sim.js');

const answerDeadlineMs = 20_000;
const wantedLines = 400;
const emoteNames = {
    25: /^Kappa$/,
    86: /^BibleThump$/,
    30259: /^HeyGuys$/,
    58765: /^NotLikeThis$/,
    425618: /^LUL$/,
    305954156: /^PogChamp$/,
};

function clientOf(sim, options) {
    return new tmi.Client({
        // Its look-up of emote sets has no end: it sets its next timer even after a disconnect.
        options: { joinInterval: 300, skipMembership: true, skipUpdatingEmotesets: true },
        connection: { server: sim.url.hostname, port: Number(sim.url.port), reconnect: false },
        ...options,
    });
}

/** Runs `use` with a coven-sim and ends both, however that goes. */
async function withSim(flags, use) {
    const sim = await Sim.start(flags);
    const clients = [];
    const connect = async (options) => {
        const client = clientOf(sim, options);
        clients.push(client);
        await within(answerDeadlineMs, 'welcome', client.connect());
        return client;
    };
    try {
        await use({ sim, connect });
    } finally {
        const goodbyes = clients.map((client) => client.disconnect());
        await within(answerDeadlineMs, 'goodbye', Promise.allSettled(goodbyes));
        assert.strictEqual(await sim.stop(), 0);
        sim.clean();
    }
}

/** What `event` brings to `client` after `call`, whose own limit of 600 ms is too short for us. */
function answer(client, event, call) {
    const came = new Promise((resolve) => client.once(event, (...all) => resolve(all)));
    call.catch(() => {});
    return within(answerDeadlineMs, event, came);
}

/** The part of `text` that `span` means; Twitch counts code points. */
function cut(text, span) {
    const [first, last] = span.split('-').map(Number);
    return [...text].slice(first, last + 1).join('');
}

/** What a line says, by the plainest reading of the protocol. */
function plainReading(line) {
    const [, tags, login, channel, text] = line.match(/^@(\S+) :(\w+)!\S+ PRIVMSG (#\w+) :(.*)$/s);
    const tag = Object.fromEntries(tags.split(';').map((one) => one.split(/=(.*)/s, 2)));
    const action = text.match(/^\x01ACTION (.*)\x01$/s);
    const said = action ? action[1] : text;
    return { tag, login, channel, said, kind: action ? 'action' : 'chat' };
}

/** Asserts that tmi.js has understood a line as `plain` says, and counts in `seen` what it had. */
function compare(plain, understood, seen) {
    const { channel, tags, text } = understood.get(plain.tag.id);
    assert.strictEqual(channel, plain.channel);
    assert.strictEqual(tags.username, plain.login);
    assert.strictEqual(text, plain.said);
    assert.strictEqual(tags['room-id'], plain.tag['room-id']);
    // tmi.js does not tell a cheer's kind.
    if (!tags.bits) assert.strictEqual(tags['message-type'], plain.kind);
    const badges = Object.entries(tags.badges ?? {}).map((badge) => badge.join('/'));
    assert.strictEqual(badges.join(), plain.tag.badges);
    const emotes = Object.entries(tags.emotes ?? {});
    for (const [id, spans] of emotes) {
        for (const span of spans) assert.match(cut(text, span), emoteNames[id] ?? /^coven(Hi|GG)$/);
    }
    seen.action += plain.kind === 'action';
    seen.emote += emotes.length > 0;
    seen.badge += badges.length > 0;
    seen.reply += 'reply-parent-msg-id' in tags;
    seen.cheer += 'bits' in tags;
}

test('tmi.js understands every message', async () => {
    const flags = ['--channels', 'alpha,beta', '--rate', '0', '--wait_for_channels', '2'];
    await withSim([...flags, '--lines', String(wantedLines)], async ({ sim }) => {
        const understood = new Map();
        const keep = (channel, tags, text) => understood.set(tags.id, { channel, tags, text });
        const client = clientOf(sim, { channels: ['alpha', 'beta'] });
        // A cheer is told as such, everything else as a message.
        client.on('message', keep);
        client.on('cheer', keep);
        await within(answerDeadlineMs, 'welcome', client.connect());
        await within(answerDeadlineMs, 'end of chat', sim.ended);

        const lines = sim.sent().map((entry) => entry.line);
        const sent = lines.filter((line) => line.includes(' PRIVMSG '));
        assert.strictEqual(sent.length, wantedLines);
        assert.strictEqual(understood.size, wantedLines);
        const seen = { action: 0, emote: 0, badge: 0, reply: 0, cheer: 0 };
        for (const line of sent) compare(plainReading(line), understood, seen);
        for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `no ${what} seen`);
    });
});

test('tmi.js gets its pong, joins and parts', async () => {
    await withSim([], async ({ connect }) => {
        const client = await connect({});
        const [latency] = await answer(client, 'pong', client.ping());
        assert.ok(latency >= 0);
        const [joined] = await answer(client, 'join', client.join('alpha'));
        assert.strictEqual(joined, '#alpha');
        assert.deepStrictEqual(client.getChannels(), ['#alpha']);
        const [left] = await answer(client, 'part', client.part('alpha'));
        assert.strictEqual(left, '#alpha');
        assert.deepStrictEqual(client.getChannels(), []);
    });
});

test('what one tmi.js says another reads', async () => {
    await withSim(['--tokens', 'speaker=right'], async ({ connect }) => {
        const reader = await connect({});
        await answer(reader, 'join', reader.join('speaker'));
        const identity = { username: 'Speaker', password: 'oauth:right' };
        const speaker = await connect({ identity });
        await answer(speaker, 'join', speaker.join('speaker'));

        const said = await answer(reader, 'chat', speaker.say('speaker', 'hello 😂 you'));
        const [channel, tags, text] = said;
        assert.deepStrictEqual([channel, tags.username], ['#speaker', 'speaker']);
        assert.strictEqual(text, 'hello 😂 you');
        const done = await answer(reader, 'action', speaker.action('speaker', 'waves'));
        assert.strictEqual(done[2], 'waves');
    });
});

test('tmi.js is told why it is not let in', async () => {
    await withSim(['--tokens', 'bot=right', '--suspended', 'gone'], async ({ sim, connect }) => {
        const refused = clientOf(sim, { identity: { username: 'bot', password: 'oauth:wrong' } });
        await assert.rejects(refused.connect(), /Login authentication failed/);
        const client = await connect({ identity: { username: 'bot', password: 'oauth:right' } });
        const [channel, kind] = await answer(client, 'notice', client.join('gone'));
        assert.deepStrictEqual([channel, kind], ['#gone', 'msg_channel_suspended']);
    });
});

test('tmi.js is told why its message is not sent', async () => {
    const flags = ['--tokens', 'bot=right', '--send_pause', '0s', '--setup', 'ban closed bot'];
    await withSim(flags, async ({ connect }) => {
        const identity = { username: 'bot', password: 'oauth:right' };
        const client = await connect({ identity });
        await answer(client, 'join', client.join('alpha'));
        const [, state] = await answer(client, 'roomstate', client.join('beta'));
        assert.strictEqual(state.slow, false);
        const reader = await connect({});
        await answer(reader, 'join', reader.join('alpha'));
        const [, tags] = await answer(reader, 'chat', client.say('alpha', 'once'));
        assert.strictEqual(tags.username, 'bot');
        const [channel, kind] = await answer(client, 'notice', client.say('alpha', 'once'));
        assert.deepStrictEqual([channel, kind], ['#alpha', 'msg_duplicate']);
        const refused = await answer(client, 'notice', client.join('closed'));
        assert.deepStrictEqual(refused.slice(0, 2), ['#closed', 'msg_banned']);
    });
});
