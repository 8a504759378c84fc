#include <atomic>
#include <cstdlib>
#include <iostream>

#include <nats/nats.h>

#include "nats_client.hpp"
#include "sample_event.hpp"
#include "transport.hpp"

namespace bench {

namespace {

/// Publishes into a stream that is kept in files, made with the server's defaults.
class JetstreamSender final : public Sender {
  public:
    explicit JetstreamSender(const std::string& port) : connection_(connect_to_nats(port)) {
        jsOptions options;
        check_nats(jsOptions_Init(&options));
        options.PublishAsync.AckHandler = &JetstreamSender::take_ack;
        options.PublishAsync.AckHandlerClosure = this;
        check_nats(natsConnection_JetStream(&jetstream_, connection_, &options));
        const auto subjects = std::string(topic_prefix) + '>';
        const char* wanted = subjects.c_str();
        jsStreamConfig stream;
        check_nats(jsStreamConfig_Init(&stream));
        stream.Name = "bench";
        stream.Subjects = &wanted;
        stream.SubjectsLen = 1;
        stream.Storage = js_FileStorage;
        check_nats(js_AddStream(nullptr, jetstream_, &stream, nullptr, nullptr));
    }
    JetstreamSender(const JetstreamSender&) = delete;
    JetstreamSender& operator=(const JetstreamSender&) = delete;
    ~JetstreamSender() override {
        jsCtx_Destroy(jetstream_);
        natsConnection_Destroy(connection_);
    }

    void send(std::string_view frame) override {
        const auto event = frame.substr(frame.find('\0') + 1);
        check_nats(js_PublishAsync(jetstream_, frame.data(), event.data(),
                                   static_cast<int>(event.size()), nullptr));
        ++sent_;
    }
    void flush() override {}
    void wait_stored(std::uint32_t left) override {
        for (auto stored = stored_.load(); sent_ - stored > left; stored = stored_.load()) {
            stored_.wait(stored);
        }
    }

  private:
    /// In a thread of the library.
    static void take_ack(jsCtx*, natsMsg* message, jsPubAck*, jsPubAckErr* failure, void* self) {
        if (failure != nullptr) {
            std::cerr << "jetstream: " << failure->ErrText << '\n';
            std::_Exit(1);
        }
        natsMsg_Destroy(message);
        auto& stored = static_cast<JetstreamSender*>(self)->stored_;
        ++stored;
        stored.notify_one();
    }

    natsConnection* connection_;
    jsCtx* jetstream_ = nullptr;
    std::uint32_t sent_ = 0;
    std::atomic<std::uint32_t> stored_ = 0;
};

}  // namespace

std::unique_ptr<Sender> make_jetstream_sender(const std::string& port) {
    return std::make_unique<JetstreamSender>(port);
}

}  // namespace bench
