// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/diff_view.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QSyntaxHighlighter>

namespace tintype::ui {
namespace {

constexpr std::size_t kMostShown = 200'000; ///< bytes; more would hold the window up
constexpr qsizetype kMostFiles = 200;

class DiffHighlighter : public QSyntaxHighlighter {
public:
    DiffHighlighter(const Theme& theme, QTextDocument* document)
        : QSyntaxHighlighter(document)
        , m_theme(theme)
    {
    }

protected:
    void highlightBlock(const QString& line) override
    {
        QTextCharFormat format;
        if (line.startsWith(QLatin1String("+++")) || line.startsWith(QLatin1String("---")) || line.startsWith(QLatin1String("diff ")))
            format.setForeground(m_theme.color(ColorToken::TextMuted));
        else if (line.startsWith(QLatin1String("@@")))
            format.setForeground(m_theme.color(ColorToken::AccentText));
        else if (line.startsWith(QLatin1Char('+')) || line.startsWith(QLatin1String("added ")))
            tint(format, ColorToken::SuccessSurface);
        else if (line.startsWith(QLatin1Char('-')) || line.startsWith(QLatin1String("removed ")))
            tint(format, ColorToken::ErrorSurface);
        else if (line.startsWith(QLatin1String("changed ")))
            format.setForeground(m_theme.color(ColorToken::Warning));
        else
            return;
        setFormat(0, static_cast<int>(line.size()), format);
    }

private:
    void tint(QTextCharFormat& format, ColorToken surface) const
    {
        format.setForeground(m_theme.color(ColorToken::Text));
        format.setBackground(m_theme.color(surface));
    }

    const Theme& m_theme;
};

} // namespace

DiffView::DiffView(const Theme& theme, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_highlighter(new DiffHighlighter(theme, document()))
{
    setReadOnly(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setAccessibleName(tr("Difference of two revisions"));
    setTabChangesFocus(true);
    const auto dress = [this, &theme] {
        setFont(theme.font(TextStyle::Mono));
        m_highlighter->rehighlight();
    };
    connect(&theme, &Theme::changed, this, dress);
    dress();
}

void DiffView::showDiff(const control::RevisionDiff& diff)
{
    QString text = qs(diff.text.substr(0, kMostShown));
    if (diff.text.size() > kMostShown)
        text += tr("\n… cut after %1 of %2").arg(formatBytes(kMostShown), formatBytes(diff.text.size()));
    QStringList files;
    for (std::size_t i = 0; i < diff.files.size() && files.size() < kMostFiles; ++i)
        files.append(qs(diff.files[i]));
    if (diff.files.size() > static_cast<std::size_t>(files.size()))
        files.append(tr("… and %1 more files").arg(diff.files.size() - static_cast<std::size_t>(files.size())));
    if (!text.isEmpty() && !files.isEmpty())
        text += QLatin1Char('\n');
    text += files.join(QLatin1Char('\n'));
    setPlainText(text.isEmpty() ? tr("No difference.") : text);
}

void DiffView::showNote(const QString& sentence) { setPlainText(sentence); }

} // namespace tintype::ui
