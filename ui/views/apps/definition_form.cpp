// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/definition_form.h"

#include "deploy/domain/effective_settings.h"
#include "ui/commands/studio.h"
#include "ui/models/app_document.h"
#include "ui/models/format.h"
#include "ui/models/yaml_edit.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/concurrency_picture.h"
#include "ui/views/apps/endpoint_list.h"
#include "ui/views/apps/form_problems.h"
#include "ui/views/apps/form_row.h"
#include "ui/views/apps/requirement_list.h"

#include <QCoreApplication>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

namespace tintype::ui {
namespace {

struct NumberField {
    const char* name;
    const char* label;
    int low;
    int high;
    const char* unit;
};

constexpr NumberField kConcurrency[]{
    {"min_concurrency", QT_TRANSLATE_NOOP("form", "Minimum"), 0, 1000, QT_TRANSLATE_NOOP("form", "replicas")},
    {"max_concurrency", QT_TRANSLATE_NOOP("form", "Maximum"), 1, 1000, QT_TRANSLATE_NOOP("form", "replicas")},
    {"concurrency_buffer", QT_TRANSLATE_NOOP("form", "Buffer"), 0, 1000, QT_TRANSLATE_NOOP("form", "replicas")},
    {"concurrency_buffer_perc", QT_TRANSLATE_NOOP("form", "Buffer, relative"), 0, 1000, QT_TRANSLATE_NOOP("form", "% more")},
    {"max_multiplexing", QT_TRANSLATE_NOOP("form", "Multiplexing"), 1, 64, QT_TRANSLATE_NOOP("form", "requests")},
    {"scaling_delay", QT_TRANSLATE_NOOP("form", "Scaling delay"), 0, 86400, QT_TRANSLATE_NOOP("form", "s")},
};
constexpr NumberField kTimes[]{
    {"keep_alive", QT_TRANSLATE_NOOP("form", "Keep alive"), 0, 31536000, QT_TRANSLATE_NOOP("form", "s")},
    {"request_timeout", QT_TRANSLATE_NOOP("form", "Request timeout"), 1, 86400, QT_TRANSLATE_NOOP("form", "s")},
    {"startup_timeout", QT_TRANSLATE_NOOP("form", "Start-up timeout"), 1, 86400, QT_TRANSLATE_NOOP("form", "s")},
    {"termination_grace_period_seconds", QT_TRANSLATE_NOOP("form", "Grace at the end"), 0, 30, QT_TRANSLATE_NOOP("form", "s")},
};

QString formText(const char* source)
{
    return QCoreApplication::translate("form", source);
}

/// Where a value comes from; with the value itself if the file says another.
QString sourceText(const domain::EffectiveValue& value, bool isInFile)
{
    switch (value.source) {
    case domain::ValueSource::File: return DefinitionForm::tr("from the file");
    case domain::ValueSource::Inherited:
        return isInFile ? DefinitionForm::tr("runs with %1, kept from the live app").arg(qs(value.value)) : DefinitionForm::tr("kept from the live app");
    case domain::ValueSource::Default: break;
    }
    return isInFile ? DefinitionForm::tr("not valid; the default is %1").arg(qs(value.value)) : DefinitionForm::tr("default");
}

/// The number in "300 s".
QString numberOf(const std::string& value)
{
    return qs(value.substr(0, value.find(' ')));
}

bool isNumberField(const std::string& field)
{
    const auto isIt = [&field](const NumberField& number) { return number.name == field; };
    return std::ranges::any_of(kConcurrency, isIt) || std::ranges::any_of(kTimes, isIt);
}

bool isListField(const std::string& field)
{
    return field == "machine_type" || field == "regions" || field == "secrets";
}

} // namespace

DefinitionForm::DefinitionForm(Studio& studio, QWidget* parent)
    : QScrollArea(parent)
    , m_studio(studio)
    , m_column(new QVBoxLayout)
    , m_inner(new QWidget)
    , m_broken(new QLabel(tr("The text cannot be read as YAML. The form shows what it said last, and goes on when the text is mended.")))
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Form of the definition"));
    auto* const outer = new QWidget;
    auto* const all = new QVBoxLayout(outer);
    all->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), Theme::space(4));
    all->setSpacing(Theme::space(2));
    m_broken->setProperty("role", QStringLiteral("warning"));
    m_broken->setWordWrap(true);
    m_broken->hide();
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Theme::space(2));
    m_inner->setLayout(m_column);
    all->addWidget(m_broken);
    all->addWidget(m_inner);
    all->addStretch(1);
    setWidget(outer);
    addSections();
    connect(&studio.targets, &Targets::currentChanged, this, &DefinitionForm::followTarget);
    followTarget(studio.targets.current());
    setEnabled(false);
}

void DefinitionForm::addSection(const QString& title)
{
    if (m_column->count() > 0)
        m_column->addSpacing(Theme::space(3));
    auto* const label = new QLabel(title);
    label->setProperty("role", QStringLiteral("title"));
    m_column->addWidget(label);
}

FormRow* DefinitionForm::add(FormRow* row)
{
    m_rows[row->field()] = row;
    m_column->addWidget(row);
    connect(row, &FormRow::edited, this, &DefinitionForm::edit);
    return row;
}

void DefinitionForm::addSections()
{
    const Theme& theme = m_studio.theme;
    addSection(tr("App"));
    add(FormRow::text(theme, "name", tr("Name"), tr("kebab-case")));
    add(FormRow::choice(theme, "auth", tr("Who may call"), {QStringLiteral("private"), QStringLiteral("public"), QStringLiteral("shared")}));
    addMachine();

    addSection(tr("Requirements"));
    m_requirements = new RequirementList(theme);
    m_column->addWidget(m_requirements);
    connect(m_requirements, &RequirementList::edited, this, &DefinitionForm::edit);
    addSetup();

    addSection(tr("Concurrency"));
    m_picture = new ConcurrencyPicture(theme);
    m_column->addWidget(m_picture);
    for (const NumberField& field : kConcurrency)
        add(FormRow::number(theme, field.name, formText(field.label), field.low, field.high, formText(field.unit)));
    addSection(tr("Times"));
    for (const NumberField& field : kTimes)
        add(FormRow::number(theme, field.name, formText(field.label), field.low, field.high, formText(field.unit)));

    addSection(tr("Endpoints"));
    m_endpoints = new EndpointList(theme);
    m_column->addWidget(m_endpoints);
    connect(m_endpoints, &EndpointList::edited, this, &DefinitionForm::edit);
    addSection(tr("Secrets and regions"));
    add(FormRow::text(theme, "secrets", tr("Secrets"), tr("names of the host's secrets, with commas"), FormRow::Entry::Names));
    add(FormRow::text(theme, "regions", tr("Regions"), tr("any"), FormRow::Entry::Names));
}

void DefinitionForm::addMachine()
{
    addSection(tr("Machine"));
    add(FormRow::suggestion(m_studio.theme, "machine_type", tr("Machine types"), FormRow::Entry::Names));
    m_machines = new QLabel;
    m_machines->setProperty("role", QStringLiteral("caption"));
    m_machines->setTextFormat(Qt::PlainText);
    m_machines->setWordWrap(true);
    m_column->addWidget(m_machines);
    add(FormRow::number(m_studio.theme, "num_gpus", tr("GPUs of a replica"), 1, 8, tr("GPUs")));
}

void DefinitionForm::addSetup()
{
    const Theme& theme = m_studio.theme;
    addSection(tr("Setup"));
    add(FormRow::suggestion(theme, "setup.model", tr("Model")));
    add(FormRow::choice(theme, "setup.dtype", tr("Number format"),
        {QStringLiteral("auto"), QStringLiteral("float32"), QStringLiteral("bfloat16"), QStringLiteral("float16")}));
    add(FormRow::text(theme, "setup.variant", tr("Weight variant"), tr("whichever is there")));
    add(FormRow::text(theme, "setup.scheduler", tr("Scheduler"), tr("the model's own; overrides: {class: …}"), FormRow::Entry::Yaml));
    add(FormRow::text(theme, "setup.warmup", tr("Warm-up call"), tr("none; an input: {prompt: …}"), FormRow::Entry::Yaml));
}

void DefinitionForm::setDocument(AppDocument* document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    setEnabled(document && !document->isPython());
    if (!document)
        return;
    connect(document, &AppDocument::textChanged, this, &DefinitionForm::refresh);
    connect(document, &AppDocument::pathChanged, this, &DefinitionForm::refresh);
    verticalScrollBar()->setValue(0);
    refresh();
}

void DefinitionForm::followTarget(Target* target)
{
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    if (target) {
        connect(target, &Target::appsChanged, this, &DefinitionForm::refresh);
        connect(target, &Target::hostInfoChanged, this, &DefinitionForm::refreshMachines);
    }
    refreshMachines();
    refresh();
}

void DefinitionForm::edit(const std::string& field, const QString& yaml)
{
    if (!m_document)
        return;
    QString value = yaml;
    if (field == "machine_type" && value.startsWith(QLatin1Char('[')) && !value.contains(QLatin1Char(','))) {
        const bool isList = YamlFields(m_document->text()).has("machine_type[0]"); // one name needs no list
        value = isList ? value : value.mid(1, value.size() - 2);
    }
    if (const Result<> done = m_document->setField(field, value.toStdString()); !done) {
        Q_EMIT refused(qs(done.error().message));
        refresh();
    }
}

void DefinitionForm::refresh()
{
    if (!m_document || m_document->isPython())
        return;
    const YamlFields fields(m_document->text());
    m_broken->setVisible(fields.isBroken());
    m_inner->setEnabled(!fields.isBroken());
    if (fields.isBroken())
        return;
    const std::map<std::string, QString> problems = problemsByField(m_document->parsed());
    m_requirements->show(fields, m_document->folder(), problems);
    m_endpoints->show(fields, problems);
    m_rows["setup.model"]->setChoices(fields.items("requirements"));
    showFields(fields);
    showScaling(fields);
    for (const auto& [field, row] : m_rows) {
        const auto problem = problems.find(field);
        row->setProblem(problem == problems.end() ? QString() : problem->second);
    }
}

/// What a deploy would bring about: the file's, the live app's or the default.
void DefinitionForm::showScaling(const YamlFields& fields)
{
    const domain::AppDefinition& definition = m_document->parsed().definition;
    const control::AppInfo* const live = m_target ? m_target->findApp(definition.name) : nullptr;
    std::optional<domain::CurrentSettings> current;
    if (live)
        current = domain::CurrentSettings{live->scaling, live->auth};
    const domain::EffectiveSettings effective = domain::effectiveSettings(definition, current, false);
    for (const domain::EffectiveValue& value : effective.values) {
        const auto row = m_rows.find(value.name);
        if (row == m_rows.end())
            continue;
        const bool isInFile = fields.has(value.name);
        const bool isNothing = isListField(value.name) && value.value == "none";
        const QString shown = isInFile ? (isListField(value.name) ? fields.items(value.name).join(QLatin1String(", ")) : fields.text(value.name))
            : isNothing                ? QString()
            : isNumberField(value.name) ? numberOf(value.value)
                                        : qs(value.value);
        row->second->showValue(shown, isInFile, sourceText(value, isInFile));
    }
    m_picture->setScale(effective.scaling.minConcurrency, effective.scaling.maxConcurrency, effective.scaling.concurrencyBuffer);
}

void DefinitionForm::showFields(const YamlFields& fields)
{
    const auto show = [&](const char* field, const QString& ifAbsent, const QString& note) {
        const bool isInFile = fields.has(field);
        const QString value = !isInFile ? ifAbsent : isListField(field) ? fields.items(field).join(QLatin1String(", ")) : fields.text(field);
        m_rows[field]->showValue(value, isInFile, isInFile ? tr("from the file") : note);
    };
    show("name", {}, tr("required"));
    show("num_gpus", QStringLiteral("1"), tr("default"));
    show("setup.model", {}, tr("required"));
    show("setup.dtype", QStringLiteral("auto"), tr("default"));
    for (const char* const field : {"setup.variant", "setup.scheduler", "setup.warmup", "secrets"})
        show(field, {}, {});
}

void DefinitionForm::refreshMachines()
{
    QStringList names;
    QStringList lines;
    for (const auto& target : m_studio.targets.all()) {
        if (!target->hostInfo())
            continue;
        QStringList types;
        for (const control::MachineInfo& machine : target->hostInfo()->machines) {
            names += qs(machine.type.name);
            types += tr("%1 (%2)").arg(qs(machine.type.name), formatBytes(machine.type.memoryBytes));
        }
        lines += types.isEmpty() ? tr("%1 has no machines").arg(target->name()) : tr("%1 has %2").arg(target->name(), types.join(QStringLiteral(", ")));
    }
    names.removeDuplicates();
    m_rows["machine_type"]->setChoices(names);
    m_machines->setText(lines.isEmpty() ? tr("No host is connected: which machines there are is not known.") : lines.join(QLatin1Char('\n')));
}

} // namespace tintype::ui
