#include <array>

#include "templates.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::array all = {
    Template{"channel.poll.begin", "1",
             R"({"id":"$id","@broadcaster_user":"streamer",)"
             R"("title":"Aren't shoes just really hard socks?","choices":[{"id":"$id2",)"
             R"("title":"Yeah!"},{"id":"$id3","title":"No!"}],)"
             R"("bits_voting":{"is_enabled":false,"amount_per_vote":0},)"
             R"("channel_points_voting":{"is_enabled":true,"amount_per_vote":10},)"
             R"("started_at":"$now","ends_at":"$now+5m"})"},
    Template{"channel.poll.progress", "1",
             R"({"id":"$id","@broadcaster_user":"streamer",)"
             R"("title":"Aren't shoes just really hard socks?","choices":[{"id":"$id2",)"
             R"("title":"Yeah!","bits_votes":0,"channel_points_votes":7,"votes":14},)"
             R"({"id":"$id3","title":"No!","bits_votes":0,"channel_points_votes":3,)"
             R"("votes":7}],"bits_voting":{"is_enabled":false,"amount_per_vote":0},)"
             R"("channel_points_voting":{"is_enabled":true,"amount_per_vote":10},)"
             R"("started_at":"$now-1m","ends_at":"$now+4m"})"},
    Template{"channel.poll.end", "1",
             R"({"id":"$id","@broadcaster_user":"streamer",)"
             R"("title":"Aren't shoes just really hard socks?","choices":[{"id":"$id2",)"
             R"("title":"Yeah!","bits_votes":0,"channel_points_votes":20,"votes":40},)"
             R"({"id":"$id3","title":"No!","bits_votes":0,"channel_points_votes":10,)"
             R"("votes":20}],"bits_voting":{"is_enabled":false,"amount_per_vote":0},)"
             R"("channel_points_voting":{"is_enabled":true,"amount_per_vote":10},)"
             R"("status":"completed","started_at":"$now-5m","ended_at":"$now"})"},
    Template{"channel.prediction.begin", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","title":"Will I win?",)"
             R"("outcomes":[{"id":"$id2","title":"Yeah!","color":"blue"},{"id":"$id3",)"
             R"("title":"No!","color":"pink"}],"started_at":"$now","locks_at":"$now+2m"})"},
    Template{"channel.prediction.progress", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","title":"Will I win?",)"
             R"("outcomes":[{"id":"$id2","title":"Yeah!","color":"blue","users":2,)"
             R"("channel_points":15000,"top_predictors":[{"@user":"viewer",)"
             R"("channel_points_won":null,"channel_points_used":500}]},{"id":"$id3",)"
             R"("title":"No!","color":"pink","users":1,"channel_points":200,)"
             R"("top_predictors":[]}],"started_at":"$now-1m","locks_at":"$now+1m"})"},
    Template{"channel.prediction.lock", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","title":"Will I win?",)"
             R"("outcomes":[{"id":"$id2","title":"Yeah!","color":"blue","users":2,)"
             R"("channel_points":15000,"top_predictors":[{"@user":"viewer",)"
             R"("channel_points_won":null,"channel_points_used":500}]},{"id":"$id3",)"
             R"("title":"No!","color":"pink","users":1,"channel_points":200,)"
             R"("top_predictors":[]}],"started_at":"$now-2m","locked_at":"$now"})"},
    Template{"channel.prediction.end", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","title":"Will I win?",)"
             R"("winning_outcome_id":"$id2","outcomes":[{"id":"$id2","title":"Yeah!",)"
             R"("color":"blue","users":2,"channel_points":15000,)"
             R"("top_predictors":[{"@user":"viewer","channel_points_won":750,)"
             R"("channel_points_used":500}]},{"id":"$id3","title":"No!","color":"pink",)"
             R"("users":1,"channel_points":200,"top_predictors":[]}],"status":"resolved",)"
             R"("started_at":"$now-5m","ended_at":"$now"})"},
    Template{"channel.hype_train.begin", "2",
             R"({"id":"$id","@broadcaster_user":"streamer","total":137,"progress":137,)"
             R"("goal":500,"top_contributions":[{"@user":"viewer","type":"bits",)"
             R"("total":50},{"@user":"fan","type":"subscription","total":45}],"level":1,)"
             R"("all_time_high_level":4,"all_time_high_total":2845,)"
             R"("is_shared_train":false,"shared_train_participants":null,"type":"regular",)"
             R"("started_at":"$now","expires_at":"$now+5m"})"},
    Template{"channel.hype_train.progress", "2",
             R"({"id":"$id","@broadcaster_user":"streamer","total":700,"progress":200,)"
             R"("goal":1000,"top_contributions":[{"@user":"viewer","type":"bits",)"
             R"("total":50},{"@user":"fan","type":"subscription","total":45}],"level":2,)"
             R"("is_shared_train":false,"shared_train_participants":null,"type":"regular",)"
             R"("started_at":"$now-1m","expires_at":"$now+4m"})"},
    Template{"channel.hype_train.end", "2",
             R"({"id":"$id","@broadcaster_user":"streamer","total":900,)"
             R"("top_contributions":[{"@user":"viewer","type":"bits","total":50},)"
             R"({"@user":"fan","type":"subscription","total":45}],"level":2,)"
             R"("is_shared_train":false,"shared_train_participants":null,"type":"regular",)"
             R"("started_at":"$now-6m","cooldown_ends_at":"$now+1h","ended_at":"$now"})"},
};

}  // namespace

std::span<const Template> contest_templates() { return all; }

}  // namespace coven::sim::eventsub
