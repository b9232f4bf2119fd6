// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/studio.h"
#include "ui/models/generation.h"
#include "ui/models/snippets.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QStackedLayout;
class QVBoxLayout;

namespace tintype::ui {

class AppPicker;
class EmptyState;
class SchemaForm;

/// The left side of the playground: what is called, with what. Values are kept per app and endpoint, from start to start.
class CallPanel : public QWidget {
    Q_OBJECT

public:
    explicit CallPanel(Studio& studio, QWidget* parent = nullptr);
    ~CallPanel() override;

    AppPicker& picker() const { return *m_picker; }
    SchemaForm& form() const { return *m_form; }

    /// What the form says, without target's name and id; wildcards as they are typed.
    Generation call() const;
    bool canCall() const;          ///< there is an app, and its schema is read
    bool wantsAllPrompts() const;  ///< every combination of the wildcards, not one by chance

    /// Fills the form with a call; chooses its app and endpoint if the target has them.
    void fill(const Generation& generation);

    SnippetCall snippetCall() const;

    void addTop(QWidget* widget);    ///< below the app
    void addBottom(QWidget* widget); ///< below the button
    void setGenerateAction(QAction* action);

Q_SIGNALS:
    void callChanged();  ///< values, app or endpoint
    void formReplaced(); ///< another app or endpoint

private:
    void onForm();
    void showState();
    void remember();
    QString settingsKey() const;

    Studio& m_studio;
    AppPicker* m_picker;
    SchemaForm* m_form;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    QCheckBox* m_allPrompts;
    QVBoxLayout* m_top;
    QVBoxLayout* m_bottom;
    QString m_shownKey; ///< settings key of what the form shows
    QString m_pending;  ///< form state that waits for its endpoint
    QTimer m_rememberSoon;
};

} // namespace tintype::ui
