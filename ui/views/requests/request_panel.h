// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/request_document.h"
#include "ui/models/target.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

class QAction;
class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QTabWidget;

namespace tintype::ui {

class MarkLabel;
class ResultPictures;
class Timeline;
struct Studio;

/// One request in full: how it went, where its time went, input, result, log lines. Follows a live one.
class RequestPanel : public QWidget {
    Q_OBJECT

public:
    /// @param actions shown as buttons; not owned
    RequestPanel(Studio& studio, const QList<QAction*>& actions, QWidget* parent = nullptr);
    ~RequestPanel() override;

    /// An empty id shows nothing.
    void setRequest(Target* target, const std::string& id);
    const std::string& id() const { return m_id; }
    Target* target() const { return m_target; }
    const RequestDocument* document() const { return m_document ? &*m_document : nullptr; } ///< null until it is read
    void setUtc(bool utc);

Q_SIGNALS:
    void documentChanged();
    void failed(const tintype::Error& error);

private:
    QWidget* makeHead(const QList<QAction*>& actions);
    QWidget* makeTabs();
    void addFact(const QString& name, const QString& value);
    void ask();
    void askLogs();
    void onEvent(const control::Event& event);
    void onDetail(const control::RequestDetail& detail);
    void show(const RequestDocument& document);
    void showHead(const RequestDocument& document);
    void showFacts(const RequestDocument& document);
    void showSentence(const RequestDocument& document);
    void tick();

    Studio& m_studio;
    QPointer<Target> m_target;
    std::string m_id;
    std::optional<RequestDocument> m_document;
    control::RequestDetail m_detail; ///< what m_document was read from
    bool m_utc = false;
    QTimer m_askTimer;  ///< gathers changes that come at once
    QTimer m_clock;     ///< while the request is live
    std::unique_ptr<QObject> m_guard; ///< of the request that is shown
    MarkLabel* m_mark = nullptr;
    QLabel* m_total = nullptr;
    QLabel* m_idText = nullptr;
    QLabel* m_sentence = nullptr;
    QGridLayout* m_facts = nullptr;
    Timeline* m_timeline = nullptr;
    QTabWidget* m_tabs = nullptr;
    ResultPictures* m_pictures = nullptr;
    QPlainTextEdit* m_input = nullptr;
    QPlainTextEdit* m_output = nullptr;
    QPlainTextEdit* m_log = nullptr;
};

} // namespace tintype::ui
