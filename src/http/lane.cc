// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <boost/asio/post.hpp>

#include "http/connection.h"
#include "http/wire.h"

// Lane, Inbox and Signal: how other threads reach the connections.

namespace attacca::http {
namespace {

constexpr std::size_t read_bytes_max = 64 * 1024;

std::string date_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return http_date(std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count());
}

}  // namespace

void Signal::notify() {
    const std::lock_guard lock(mutex_);
    condition_.notify_all();
}

bool Signal::wait(Duration length, const std::function<bool()>& holds) {
    std::unique_lock lock(mutex_);
    return condition_.wait_for(lock, std::chrono::microseconds(length.us), holds);
}

void Inbox::push(Delivery delivery) {
    const std::lock_guard lock(mutex_);
    if (io_ == nullptr) {
        return;
    }
    mail_.push_back(std::move(delivery));
    if (mail_.size() == 1) {
        boost::asio::post(*io_, drain_);
    }
}

std::vector<Delivery> Inbox::take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_, {});
}

void Inbox::close() {
    std::vector<Delivery> dropped;
    {
        const std::lock_guard lock(mutex_);
        io_ = nullptr;
        dropped.swap(mail_);
    }
    for (const Delivery& delivery : dropped) {
        if (delivery.stream) {
            delivery.stream->close();
        }
    }
}

Lane::Lane(Shared& shared_by_all)
    : shared(shared_by_all),
      inbox(std::make_shared<Inbox>(io)),
      timer(io),
      date(date_now()),
      scratch(read_bytes_max, '\0') {
    inbox->on_mail([this] { drain(); });
}

void Lane::drain() {
    std::vector<Delivery> mail = inbox->take_all();
    std::vector<std::shared_ptr<Connection>> touched;
    touched.reserve(mail.size());
    for (Delivery& delivery : mail) {
        if (std::shared_ptr<Connection> connection = delivery.connection.lock()) {
            connection->deliver(delivery);
            touched.push_back(std::move(connection));
        } else if (delivery.stream) {
            delivery.stream->close();
        }
    }
    // Written only now, so that all answers of one connection go out together.
    for (const std::shared_ptr<Connection>& connection : touched) {
        connection->flush();
    }
}

void Lane::sweep() {
    date = date_now();
    const Instant now = std::chrono::steady_clock::now();
    const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
    for (const std::shared_ptr<Connection>& connection : all) {
        connection->check_deadlines(now);
    }
    timer.expires_after(std::chrono::microseconds(shared.limits.tick.us));
    timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            sweep();
        }
    });
}

void Lane::begin_stop() {
    is_stopping = true;
    const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
    for (const std::shared_ptr<Connection>& connection : all) {
        connection->begin_stop();
    }
}

void Lane::end() {
    inbox->close();
    const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
    for (const std::shared_ptr<Connection>& connection : all) {
        connection->close();
    }
    timer.cancel();
    io.stop();
}

}  // namespace attacca::http
