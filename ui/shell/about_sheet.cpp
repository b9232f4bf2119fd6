// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/about_sheet.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QSysInfo>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

QString systemWords()
{
    const QScreen* const screen = QApplication::primaryScreen();
    return QStringLiteral("Tintype %1, Qt %2, %3, %4, %5, scale %6")
        .arg(QApplication::applicationVersion(), QString::fromLatin1(qVersion()), QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture(),
            QApplication::platformName())
        .arg(screen ? screen->devicePixelRatio() : 1.0);
}

QLabel* paragraph(const QString& text, const char* role)
{
    auto* const label = new QLabel(text);
    label->setWordWrap(true);
    label->setProperty("role", QLatin1String(role));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

AboutSheet::AboutSheet(const Theme& theme, QWidget* over)
    : Sheet(theme, tr("About Tintype"), over)
{
    content()->addWidget(paragraph(tr("Edit, run, try, deploy and watch image models on your own machines."), "muted"));
    content()->addWidget(paragraph(systemWords(), "mono"));
    content()->addWidget(paragraph(tr("The studio is free software under the GNU General Public License, version 3 or later; engine and host are under the "
                                      "Apache License 2.0. It stands on Qt, LibTorch, QScintilla, QCustomPlot, the Breeze icons of KDE, SQLite, libgit2, libsodium, "
                                      "yaml-cpp, Boost.Beast, nlohmann-json and fmt, each under its own licence."),
        "muted"));
    content()->addStretch(1);
    QPushButton* const copy = addButton(tr("Copy system details"));
    connect(copy, &QPushButton::clicked, this, [] { QApplication::clipboard()->setText(systemWords()); });
}

} // namespace tintype::ui
