// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/local_host.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr quint16 kUsualPort = 7870;
constexpr int kMostRetrySeconds = 30;

} // namespace

LocalHost::LocalHost(Options options, MakeControl makeControl, QObject* parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_makeControl(std::move(makeControl))
{
    m_retryTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &LocalHost::start);
}

LocalHost::~LocalHost() = default;

void LocalHost::start()
{
    if (m_options.mayAttach)
        probe();
    else
        launch(0);
}

void LocalHost::recover()
{
    if (!m_own && !m_probe && !m_retryTimer.isActive())
        start();
}

void LocalHost::probe()
{
    const control::HostAddress usual;
    m_probe = m_makeControl(usual);
    m_probe->host().then(this, [this, usual](const Result<control::HostInfo>& answer) {
        m_probe.release()->deleteLater(); // it is the one that calls us
        if (answer) {
            m_failures = 0;
            Q_EMIT serving(usual);
        } else {
            const bool isPortFree = answer.error().code == ErrorCode::Unavailable;
            launch(isPortFree ? kUsualPort : quint16{0});
        }
    });
}

void LocalHost::launch(quint16 port)
{
    const std::string folder = m_options.dataFolder.empty() ? control::PrivateHost::defaultDataFolder() : m_options.dataFolder;
    m_own = std::make_unique<control::PrivateHost>(m_options.program, folder, port);
    connect(m_own.get(), &control::PrivateHost::ended, this, [this](const QString& lastWords) {
        retry({ErrorCode::Unavailable, "the host of this machine ended and is started again", lastWords.toStdString()});
    });
    m_own->start().then(this, [this](const Result<control::HostAddress>& address) {
        if (!address) {
            retry(address.error());
            return;
        }
        m_failures = 0;
        Q_EMIT serving(*address);
    });
}

void LocalHost::retry(const Error& error)
{
    if (m_own)
        m_own.release()->deleteLater(); // one of its signals brought us here
    const int seconds = std::min(1 << std::min(m_failures++, 5), kMostRetrySeconds);
    Q_EMIT failed(error, seconds);
    m_retryTimer.start(seconds * 1000);
}

} // namespace tintype::ui
