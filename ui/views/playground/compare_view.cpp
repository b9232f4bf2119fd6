// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/compare_view.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/generation_difference.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/wipe_view.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kMostAmplified = 16;
constexpr int kFirstAmplified = 4;
constexpr int kSliderSteps = 30;
constexpr int kProblemPage = 3; ///< of the stack, behind the modes

QString captionOf(const QString& letter, const Generation& generation)
{
    QStringList parts{letter, generation.app, generation.target};
    if (generation.seed)
        parts.push_back(CompareView::tr("seed %1").arg(*generation.seed));
    parts.push_back(formatDuration(generation.totalSeconds));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

CompareView::CompareView(Studio& studio, PictureLoader& loader, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_loader(loader)
    , m_model(new GenerationDifference(this))
    , m_modes(new QButtonGroup(this))
    , m_factor(new QSlider(Qt::Horizontal))
    , m_factorText(new QLabel)
    , m_indexText(new QLabel(tr("Picture")))
    , m_index(new QSpinBox)
    , m_captions{new QLabel, new QLabel}
    , m_stack(new QStackedWidget)
    , m_wipe(new WipeView(studio.theme))
    , m_sides{new PictureView(studio.theme), new PictureView(studio.theme)}
    , m_differenceView(new PictureView(studio.theme))
    , m_problem(new QLabel)
    , m_numbers(new QLabel)
    , m_table(new QTableView)
{
    m_pool.setMaxThreadCount(1);
    makeViews();
    auto* const top = new QWidget;
    auto* const upper = new QVBoxLayout(top);
    upper->setContentsMargins(0, 0, 0, 0);
    upper->setSpacing(Theme::space(1));
    upper->addLayout(makeBar());
    upper->addLayout(makeCaptions());
    upper->addWidget(m_stack, 1);

    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(top);
    splitter->addWidget(makeTable());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);
    setMode(Wipe);
}

CompareView::~CompareView() = default;

QToolButton* CompareView::addButton(QHBoxLayout& row, const QString& icon, const QString& text)
{
    auto* const button = new QToolButton;
    button->setIcon(m_studio.theme.icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    row.addWidget(button);
    return button;
}

QHBoxLayout* CompareView::makeBar()
{
    auto* const bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::space(2), Theme::space(1), Theme::space(2), 0);
    bar->setSpacing(Theme::space(1));
    const auto addMode = [&](Mode mode, const char* icon, const QString& text) {
        QToolButton* const button = addButton(*bar, QLatin1String(icon), text);
        button->setText(text);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setCheckable(true);
        m_modes->addButton(button, mode);
    };
    addMode(Wipe, "object-columns", tr("Wipe"));
    addMode(SideBySide, "view-split-left-right", tr("Side by side"));
    addMode(Difference, "color-management", tr("Difference"));
    connect(m_modes, &QButtonGroup::idClicked, this, [this](int mode) { setMode(static_cast<Mode>(mode)); });

    m_factor->setRange(1, kMostAmplified);
    m_factor->setValue(kFirstAmplified);
    m_factor->setFixedWidth(Theme::space(kSliderSteps));
    m_factor->setToolTip(tr("How much the difference is amplified"));
    m_factor->setAccessibleName(m_factor->toolTip());
    m_factorText->setProperty("role", QStringLiteral("muted"));
    connect(m_factor, &QSlider::valueChanged, this, &CompareView::amplify);
    bar->addWidget(m_factor);
    bar->addWidget(m_factorText);
    bar->addStretch(1);
    m_indexText->setProperty("role", QStringLiteral("muted"));
    m_indexText->setBuddy(m_index);
    connect(m_index, &QSpinBox::valueChanged, this, &CompareView::load);
    bar->addWidget(m_indexText);
    bar->addWidget(m_index);
    connect(addButton(*bar, QStringLiteral("swap-panels"), tr("Swap A and B")), &QToolButton::clicked, this, &CompareView::swap);
    const auto forAll = [this](void (PictureView::*slot)()) {
        for (PictureView* const view : std::initializer_list<PictureView*>{m_wipe, m_sides[0], m_differenceView})
            (view->*slot)();
    };
    connect(addButton(*bar, QStringLiteral("zoom-fit-best"), tr("Fit (0)")), &QToolButton::clicked, this, [forAll] { forAll(&PictureView::fit); });
    connect(addButton(*bar, QStringLiteral("zoom-original"), tr("One to one (1)")), &QToolButton::clicked, this,
        [forAll] { forAll(&PictureView::showActualSize); });
    connect(addButton(*bar, QStringLiteral("window-close"), tr("Close the comparison (Escape)")), &QToolButton::clicked, this, &CompareView::closed);
    return bar;
}

QHBoxLayout* CompareView::makeCaptions()
{
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space(2), 0, Theme::space(2), 0);
    for (QLabel* const caption : m_captions) {
        caption->setProperty("role", QStringLiteral("caption"));
        caption->setMinimumWidth(1); // long names are cut, they do not widen the page
        row->addWidget(caption, 1);
    }
    m_captions[1]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return row;
}

void CompareView::makeViews()
{
    auto* const both = new QWidget;
    auto* const row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    for (PictureView* const view : m_sides)
        row->addWidget(view, 1);
    m_sides[0]->setAccessibleName(tr("Picture A"));
    m_sides[1]->setAccessibleName(tr("Picture B"));
    m_differenceView->setAccessibleName(tr("Difference of the pictures"));
    // All views show the same place, also when another mode is chosen.
    const std::array<PictureView*, 4> views{m_wipe, m_sides[0], m_sides[1], m_differenceView};
    for (PictureView* const view : views) {
        connect(view, &PictureView::placeChanged, this, [view, views] {
            for (PictureView* const other : views) {
                if (other != view)
                    other->setPlace(view->place());
            }
        });
    }
    m_problem->setProperty("role", QStringLiteral("muted"));
    m_problem->setAlignment(Qt::AlignCenter);
    m_problem->setWordWrap(true);
    m_stack->addWidget(m_wipe);
    m_stack->addWidget(both);
    m_stack->addWidget(m_differenceView);
    m_stack->addWidget(m_problem);
}

QWidget* CompareView::makeTable()
{
    m_numbers->setProperty("role", QStringLiteral("muted"));
    m_numbers->setWordWrap(true);
    m_numbers->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* const all = new QCheckBox(tr("All parameters"));
    connect(all, &QCheckBox::toggled, m_model, &GenerationDifference::setShowsAll);
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space(2), Theme::space(1), Theme::space(2), Theme::space(1));
    row->addWidget(m_numbers, 1);
    row->addWidget(all);

    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("What differs"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_studio.theme.rowHeight());
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setWordWrap(false);
    QHeaderView* const header = m_table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(GenerationDifference::First, QHeaderView::Stretch);
    header->setSectionResizeMode(GenerationDifference::Second, QHeaderView::Stretch);

    auto* const lower = new QWidget;
    auto* const column = new QVBoxLayout(lower);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    return lower;
}

void CompareView::setMode(Mode mode)
{
    m_mode = mode;
    m_modes->button(mode)->setChecked(true);
    m_factor->setVisible(mode == Difference);
    m_factorText->setVisible(mode == Difference);
    if (m_stack->currentIndex() != kProblemPage || !m_pictures[0].isNull())
        m_stack->setCurrentIndex(mode);
}

void CompareView::compare(const Generation& first, const Generation& second)
{
    m_generations = {first, second};
    const auto count = static_cast<int>(std::min(first.pictures.size(), second.pictures.size()));
    {
        const QSignalBlocker blocker(m_index);
        m_index->setRange(1, std::max(1, count));
        m_index->setValue(1);
        m_index->setSuffix(tr(" of %1").arg(count));
    }
    m_index->setVisible(count > 1);
    m_indexText->setVisible(count > 1);
    m_model->setGenerations(first, second);
    m_captions[0]->setText(captionOf(tr("A"), first));
    m_captions[1]->setText(captionOf(tr("B"), second));
    for (std::size_t side = 0; side < 2; ++side)
        m_captions[side]->setToolTip(m_generations[side].prompt());
    load();
}

void CompareView::swap()
{
    const int index = m_index->value();
    compare(Generation(m_generations[1]), Generation(m_generations[0]));
    m_index->setValue(index);
}

void CompareView::load()
{
    ++m_loadNumber;
    m_pictures = {};
    m_difference = {};
    m_numbers->clear();
    for (const QString& letter : {tr("A"), tr("B")}) {
        const Generation& generation = m_generations[letter == tr("A") ? 0 : 1];
        if (generation.pictures.isEmpty()) {
            showProblem(generation.error.isEmpty() ? tr("%1 has no picture any more.").arg(letter)
                                                   : tr("%1 has no picture: %2").arg(letter, generation.error));
            return;
        }
    }
    const int index = m_index->value() - 1;
    for (std::size_t side = 0; side < 2; ++side) {
        const Generation& generation = m_generations[side];
        m_loader.load(QStringLiteral("%1/%2").arg(generation.id).arg(index), generation.pictures[index])
            .then(this, [this, side, number = m_loadNumber](const Result<Picture>& picture) {
                if (number == m_loadNumber)
                    onLoaded(side, picture);
            });
    }
}

void CompareView::onLoaded(std::size_t side, const Result<Picture>& picture)
{
    if (!picture) {
        showProblem(qs(picture.error().message));
        return;
    }
    m_pictures[side] = *picture;
    if (!m_pictures[0].isNull() && !m_pictures[1].isNull())
        showPictures();
}

void CompareView::showProblem(const QString& sentence)
{
    ++m_loadNumber;
    m_pictures = {};
    m_problem->setText(sentence);
    m_stack->setCurrentIndex(kProblemPage);
}

void CompareView::showPictures()
{
    m_wipe->setPictures(m_pictures[0], m_pictures[1]);
    m_sides[0]->setPicture(m_pictures[0]);
    Picture second = m_pictures[1];
    second.size = m_pictures[0].size; // one zoom means the same for both
    m_sides[1]->setPicture(second);
    m_sides[0]->setPlace(m_wipe->place());
    m_sides[1]->setPlace(m_wipe->place());
    m_differenceView->clear();
    m_stack->setCurrentIndex(m_mode);
    computeDifference();
}

void CompareView::computeDifference()
{
    m_pool.start([this, number = m_loadNumber, first = m_pictures[0].image(), second = m_pictures[1].image()] {
        QMetaObject::invokeMethod(this, [this, number, difference = differenceOf(first, second)] {
            if (number != m_loadNumber)
                return;
            m_difference = difference;
            showNumbers();
            amplify();
        });
    });
}

void CompareView::amplify()
{
    const int factor = m_factor->value();
    m_factorText->setText(QStringLiteral("× %1").arg(factor));
    if (m_difference.absolute.isNull())
        return;
    m_pool.clear(); // an older factor that has not begun
    m_pool.start([this, number = ++m_amplifyNumber, factor, absolute = m_difference.absolute] {
        QMetaObject::invokeMethod(this, [this, number, picture = Picture::fromImage(amplified(absolute, factor))]() mutable {
            if (number != m_amplifyNumber || m_difference.absolute.isNull())
                return;
            picture.size = m_pictures[0].size;
            m_differenceView->setPicture(picture);
            m_differenceView->setPlace(m_wipe->place());
            Q_EMIT differenceShown();
        });
    });
}

void CompareView::showNumbers()
{
    const QLocale locale;
    if (m_difference.largest == 0 && !m_difference.isScaled) {
        m_numbers->setText(tr("The pictures are the same, pixel for pixel."));
        return;
    }
    QStringList parts{tr("Largest difference %1 of 255").arg(m_difference.largest),
        tr("mean %1").arg(locale.toString(m_difference.mean, 'f', 2)),
        tr("%1 % of pixels differ").arg(locale.toString(m_difference.differing * 100, 'f', 1)),
        tr("SSIM %1").arg(locale.toString(m_difference.ssim, 'f', 4))};
    if (m_difference.isScaled)
        parts.push_back(tr("B (%1 × %2) is scaled to A").arg(m_pictures[1].size.width()).arg(m_pictures[1].size.height()));
    else if (m_pictures[0].isReduced())
        parts.push_back(tr("at %1 × %2").arg(m_difference.absolute.width()).arg(m_difference.absolute.height()));
    m_numbers->setText(parts.join(QStringLiteral(" · ")));
}

void CompareView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace tintype::ui
