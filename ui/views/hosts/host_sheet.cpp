// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/hosts/host_sheet.h"

#include "deploy/control/host_book.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/host_model.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/widgets/error_banner.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

namespace tintype::ui {
namespace {

bool isHttps(const std::string& url) { return url.starts_with("https:"); }

QString describe(const ServerCertificate& certificate)
{
    QStringList lines{HostSheet::tr("For %1, made by %2, good from %3 to %4.")
                          .arg(certificate.names.isEmpty() ? certificate.subject : certificate.names.join(QStringLiteral(", ")), certificate.issuer,
                              certificate.validFrom.toString(Qt::ISODate), certificate.validUntil.toString(Qt::ISODate))};
    if (certificate.isExpired(QDateTime::currentDateTimeUtc()))
        lines.append(HostSheet::tr("It is not valid now: renew it on the host."));
    lines.append(certificate.problems.isEmpty()
            ? HostSheet::tr("This machine trusts it by its authority.")
            : HostSheet::tr("This machine does not trust it by authority: %1.").arg(certificate.problems.join(QStringLiteral("; "))));
    return lines.join(QLatin1Char('\n'));
}

QLabel* wrapped(const char* role = nullptr)
{
    auto* const label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    if (role)
        label->setProperty("role", QLatin1String(role));
    return label;
}

} // namespace

HostSheet::HostSheet(Studio& studio, QWidget* over)
    : Sheet(studio.theme, {}, over)
    , m_studio(studio)
    , m_banner(new ErrorBanner(studio.theme))
    , m_name(new QLineEdit)
    , m_url(new QLineEdit)
    , m_key(new QLineEdit)
    , m_certificatePart(new QWidget)
    , m_fingerprint(wrapped("mono"))
    , m_certificate(wrapped())
    , m_pin(new QCheckBox(tr("Trust exactly this certificate (pin its fingerprint)")))
    , m_status(wrapped("muted"))
    , m_anyway(addButton(tr("Keep anyway")))
    , m_primary(addButton({}, /*isPrimary=*/true))
{
    m_url->setPlaceholderText(QStringLiteral("https://gpu-box:7870"));
    m_key->setEchoMode(QLineEdit::Password);
    auto* const form = new QFormLayout;
    form->setHorizontalSpacing(Theme::space(3));
    form->setVerticalSpacing(Theme::space(2));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Address"), m_url);
    form->addRow(tr("&Key"), m_key);
    auto* const title = new QLabel(tr("Certificate"));
    title->setProperty("role", QStringLiteral("title"));
    auto* const hint = wrapped("muted");
    hint->setText(tr("Compare it with the fingerprint that the host prints when it starts:"));
    auto* const inside = new QVBoxLayout(m_certificatePart);
    inside->setContentsMargins(0, 0, 0, 0);
    for (QWidget* const part : {static_cast<QWidget*>(title), static_cast<QWidget*>(hint), static_cast<QWidget*>(m_fingerprint),
             static_cast<QWidget*>(m_certificate), static_cast<QWidget*>(m_pin)})
        inside->addWidget(part);
    content()->addWidget(m_banner);
    content()->addLayout(form);
    content()->addWidget(m_certificatePart);
    content()->addWidget(m_status);
    content()->addStretch(1);

    connect(m_url, &QLineEdit::textEdited, this, &HostSheet::onAddressChanged);
    connect(m_primary, &QPushButton::clicked, this, &HostSheet::onPrimary);
    connect(m_anyway, &QPushButton::clicked, this, &HostSheet::keep);
    connect(&m_probe, &HostProbe::certificateFound, this, &HostSheet::onCertificate);
    connect(&m_probe, &HostProbe::answered, this, &HostSheet::onAnswer);
    connect(&m_probe, &HostProbe::failed, this, &HostSheet::onFailure);
    connect(this, &Sheet::closed, &m_probe, &HostProbe::stop);
}

HostSheet::~HostSheet() = default;

void HostSheet::add()
{
    m_edited.clear();
    m_oldKey.clear();
    m_oldFingerprint.clear();
    m_oldCaFile.clear();
    m_name->clear();
    m_url->clear();
    m_key->setPlaceholderText(tr("id:secret, as `tintype keys create` showed it"));
    begin(tr("Add host"), tr("Connect"));
}

void HostSheet::edit(const Target& target)
{
    m_edited = target.name();
    m_oldKey = target.address().key;
    m_oldFingerprint = target.address().fingerprint;
    m_oldCaFile = target.address().caFile;
    m_name->setText(target.name());
    m_url->setText(qs(target.address().url));
    m_key->setPlaceholderText(m_oldKey.empty() ? tr("none") : tr("unchanged"));
    begin(tr("Change %1").arg(target.name()), tr("Connect"));
}

void HostSheet::begin(const QString& title, const QString& verb)
{
    setTitle(title);
    m_primary->setText(verb);
    m_key->clear();
    onAddressChanged();
    open();
    (m_edited.isEmpty() ? m_name : m_key)->setFocus();
}

void HostSheet::onAddressChanged()
{
    m_banner->clear();
    m_foundFingerprint.clear();
    m_certificatePart->hide();
    m_status->clear();
    m_anyway->hide();
    m_primary->setEnabled(true);
}

bool HostSheet::pins() const { return !m_foundFingerprint.isEmpty() && m_pin->isChecked(); }

control::HostAddress HostSheet::address() const
{
    control::HostAddress result;
    result.url = control::normalizedUrl(m_url->text().trimmed().toStdString()).value_or(std::string());
    result.key = m_key->text().isEmpty() ? m_oldKey : m_key->text().trimmed().toStdString();
    result.caFile = m_oldCaFile;
    if (isHttps(result.url))
        result.fingerprint = m_foundFingerprint.isEmpty() ? m_oldFingerprint : pins() ? m_foundFingerprint.toStdString() : std::string();
    return result;
}

/// First the certificate, which the user sees; then the call; then it is kept.
void HostSheet::onPrimary()
{
    m_banner->clear();
    m_anyway->hide();
    const auto url = control::normalizedUrl(m_url->text().trimmed().toStdString());
    if (m_name->text().trimmed().isEmpty() || m_name->text().contains(QRegularExpression(QStringLiteral("[.:/ ]"))))
        return onFailure({ErrorCode::InvalidArgument, tr("A host needs a name without dot, colon, slash and space; the command line knows it by this name too.").toStdString(), {}});
    if (!url)
        return onFailure(url.error());
    if (m_name->text() != m_edited && m_studio.targets.find(m_name->text()))
        return onFailure({ErrorCode::InvalidArgument, tr("A host named %1 is there already.").arg(m_name->text()).toStdString(), {}});
    m_primary->setEnabled(false);
    if (isHttps(*url) && m_foundFingerprint.isEmpty()) {
        m_status->setText(tr("Asking for its certificate…"));
        return m_probe.askCertificate(*url);
    }
    m_status->setText(tr("Calling the host…"));
    m_probe.call(address());
}

void HostSheet::onCertificate(const ServerCertificate& certificate)
{
    m_foundFingerprint = certificate.fingerprint;
    m_fingerprint->setText(QString(certificate.fingerprint).replace(48, 0, QLatin1Char('\n')));
    m_certificate->setText(describe(certificate));
    m_pin->setChecked(!certificate.problems.isEmpty());
    m_certificatePart->show();
    m_primary->setEnabled(true);
    m_primary->setText(m_edited.isEmpty() ? tr("Add host") : tr("Save"));
    m_status->clear();
    if (!m_oldFingerprint.empty() && m_oldFingerprint != certificate.fingerprint.toStdString())
        m_banner->showMessage(ErrorBanner::Severity::Warning,
            tr("It shows another certificate than the one that is pinned. Go on only if you know why."), tr("Pinned: %1").arg(qs(m_oldFingerprint)));
}

void HostSheet::onAnswer(const control::HostInfo& host)
{
    m_status->setText(tr("It answers: version %1.").arg(qs(host.version)));
    keep();
}

void HostSheet::onFailure(const Error& error)
{
    m_status->clear();
    m_primary->setEnabled(true);
    const QString advice = hostAdvice(error);
    m_banner->showMessage(ErrorBanner::Severity::Error, advice.isEmpty() ? qs(error.message) : QString(qs(error.message) + QStringLiteral(". ") + advice),
        qs(error.detail));
    m_anyway->setVisible(error.code != ErrorCode::InvalidArgument && !address().url.empty());
}

void HostSheet::keep()
{
    const QString name = m_name->text().trimmed();
    const control::HostAddress kept = address();
    const bool wasCurrent = m_studio.targets.current() && m_studio.targets.current()->name() == m_edited;
    if (!m_edited.isEmpty()) {
        if (const Result<> removed = m_studio.targets.remove(m_edited); !removed)
            return onFailure(removed.error());
    }
    if (const Result<> added = m_studio.targets.add(name, kept); !added)
        return onFailure(added.error());
    if (wasCurrent)
        m_studio.targets.setCurrent(m_studio.targets.find(name));
    dismiss();
}

} // namespace tintype::ui
