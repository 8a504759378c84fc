'use strict';
// npm `@twurple/eventsub-ws`, unchanged, subscribes on coven-sim and hears what happens there.

const assert = require('node:assert');
const test = require('node:test');

const { Sim, within } = require('./sim.js');

const answerDeadlineMs = 20_000;
const clientId = 'simpublic';
const scopes = ['bits:read', 'channel:manage:redemptions', 'channel:read:redemptions'];

/** What the package makes of a running sim: it knows where the mock of Twitch's own tool is. */
async function withListener(use) {
    const sim = await Sim.start(['--control', '127.0.0.1:0']);
    process.env.TWURPLE_MOCK_API_PORT = sim.helixUrl.port;
    const { ApiClient } = require('@twurple/api');
    const { StaticAuthProvider } = require('@twurple/auth');
    const { EventSubWsListener } = require('@twurple/eventsub-ws');
    let listener;
    try {
        const { access_token: token } = await sim.tell(`token streamer ${scopes.join(' ')}`);
        const authProvider = new StaticAuthProvider(clientId, token, scopes);
        const api = new ApiClient({ authProvider });
        listener = new EventSubWsListener({ apiClient: api });
        const user = await within(answerDeadlineMs, 'user', api.users.getUserByName('streamer'));
        listener.start();
        await use({ sim, api, listener, user: user.id });
    } finally {
        listener?.stop();
        assert.strictEqual(await sim.stop(), 0);
        sim.clean();
    }
}

/** The next of what `register` listens to. */
function next(what, register) {
    return within(answerDeadlineMs, what, new Promise((resolve) => register(resolve)));
}

test('twurple hears redemptions, their ends, and goes on after a reconnect', async () => {
    await withListener(async ({ sim, api, listener, user }) => {
        const heard = { add: [], update: [] };
        const waiting = [];
        const hear = (kind) => (event) => {
            heard[kind].push(event);
            waiting.splice(0).forEach((look) => look());
        };
        const until = (what, holds) => within(answerDeadlineMs, what, (async () => {
            while (!holds()) await new Promise((resolve) => waiting.push(resolve));
        })());
        const made = next('two subscriptions', (resolve) => {
            let count = 0;
            listener.onSubscriptionCreateSuccess(() => ++count === 2 && resolve());
            listener.onSubscriptionCreateFailure((subscription, error) => { throw error; });
        });
        listener.onChannelRedemptionAdd(user, hear('add'));
        listener.onChannelRedemptionUpdate(user, hear('update'));
        await made;

        const drink = { title: 'Drink', cost: 5 };
        const reward = await api.channelPoints.createCustomReward(user, drink);
        await sim.tell('redeem streamer fan Drink :some tea');
        await until('redemption', () => heard.add.length === 1);
        const [added] = heard.add;
        assert.deepStrictEqual(
            [added.userName, added.input, added.rewardTitle, added.rewardCost, added.status],
            ['fan', 'some tea', 'Drink', 5, 'unfulfilled']);

        const waits = await api.channelPoints.getRedemptionsForBroadcaster(
            user, reward.id, 'UNFULFILLED', {});
        assert.deepStrictEqual(waits.data.map((one) => one.id), [added.id]);
        await api.channelPoints.updateRedemptionStatusByIds(
            user, reward.id, [added.id], 'FULFILLED');
        await until('end of the redemption', () => heard.update.length === 1);
        assert.deepStrictEqual([heard.update[0].id, heard.update[0].status],
            [added.id, 'fulfilled']);

        const moved = next('welcome', (resolve) => listener.onUserSocketReady(resolve));
        assert.strictEqual((await sim.tell('eventsub-reconnect')).connections, 1);
        await moved;
        await sim.tell('redeem streamer fan Drink :another');
        await until('redemption after the reconnect', () => heard.add.length === 2);
        assert.strictEqual(heard.add[1].input, 'another');
        const { eventsub } = await sim.tell('status');
        assert.deepStrictEqual([eventsub.subscriptions, eventsub.lost], [2, 0]);
    });
});

test('twurple is told what it has lost', async () => {
    await withListener(async ({ sim, listener, user }) => {
        const made = next('subscription', (resolve) => {
            listener.onSubscriptionCreateSuccess(resolve);
        });
        const cheered = next('cheer', (resolve) => listener.onChannelCheer(user, resolve));
        await made;
        await sim.tell('trigger channel.cheer user=fan bits=42 message=take this');
        const cheer = await cheered;
        assert.deepStrictEqual([cheer.userName, cheer.bits, cheer.message],
            ['fan', 42, 'take this']);
        const revoked = next('revocation', (resolve) => {
            listener.onRevoke((subscription, status) => resolve(status));
        });
        await sim.tell('eventsub-revoke authorization_revoked channel.cheer');
        assert.strictEqual(await revoked, 'authorization_revoked');
    });
});

// twurple remembers each message for ten minutes, with a timer that keeps the process.
test.after(() => setTimeout(() => process.exit(), 100).unref());
