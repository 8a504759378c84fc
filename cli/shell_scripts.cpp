#include "shell_scripts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace coven::cli {

namespace {

// Each script asks the `coven` that was typed, the one beside the program that was typed, or else
// the one on PATH. "@PROGRAMS@" stands for the names of all programs.

/// bash splits words at '=' and ':'; here they are joined again, and of a candidate only what comes
/// after the last of these is given back.
constexpr const char* bash =
    R"bash(# bash completion of Coven's programs. Made by `coven completion bash`.
_coven() {
    local words=() word rest=${COMP_LINE:0:COMP_POINT} i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $rest != [[:space:]]* ]] &&
            [[ $word == [=:]* || ${words[-1]} == *[=:] ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    local current=${words[-1]} typed=${COMP_WORDS[COMP_CWORD]}
    [[ $typed == [=:] || $typed == == ]] && typed=
    local before=${current%"$typed"} asked=${words[0]/#\~/$HOME} line files=
    [[ ${asked##*/} == coven ]] || asked=${asked%"${asked##*/}"}coven
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            files=yes
        else
            line=${line%%$'\t'*}
            COMPREPLY+=("$(printf %q "${line#"$before"}")")
        fi
    done < <("$asked" complete -- "${words[@]}" 2>/dev/null)
    if [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$typed")
    fi
}
complete -F _coven @PROGRAMS@
)bash";

constexpr const char* zsh = R"zsh(#compdef @PROGRAMS@
# zsh completion of Coven's programs. Made by `coven completion zsh`.
_coven() {
    local -a answers plain described
    local line word files= asked=${(Q)~words[1]}
    [[ ${asked:t} == coven ]] || asked=${asked%${asked:t}}coven
    answers=("${(@f)$("$asked" complete -- "${(@Q)words[1,CURRENT]}" 2>/dev/null)}")
    for line in $answers; do
        if [[ $line == :files ]]; then
            files=yes
        else
            word=${line%%$'\t'*}
            line=${line#*$'\t'}
            described+=("${word//:/\\:}${line:+:$line}")
        fi
    done
    (( $#described )) && _describe -V coven described
    if [[ -n $files ]]; then
        compset -P '--*='
        _files
    fi
}
if [[ $funcstack[1] == _coven ]]; then
    _coven "$@"
else
    compdef _coven @PROGRAMS@
fi
)zsh";

constexpr const char* fish =
    R"fish(# fish completion of Coven's programs. Made by `coven completion fish`.
function __coven_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l asked (string replace -r '^~' $HOME -- $words[1])
    if not string match -qr '(^|/)coven$' -- $asked
        set asked (string replace -r '[^/]*$' coven -- $asked)
    end
    for line in ($asked complete -- $words $current 2>/dev/null)
        if test "$line" = :files
            set -l flag (string match -r -- '^--[^=]*=' $current)
            for path in (__fish_complete_path (string replace -r '^--[^=]*=' '' -- $current))
                printf '%s%s\n' "$flag" $path
            end
        else
            printf '%s\n' $line
        end
    end
end
for program in @PROGRAMS@
    complete -c $program -f -a '(__coven_complete)'
end
)fish";

}  // namespace

std::string completion_script(const std::string& shell, const std::vector<std::string>& programs) {
    const auto names = fmt::format("{}", fmt::join(programs, " "));
    std::string script = shell == "bash" ? bash : shell == "zsh" ? zsh : fish;
    constexpr std::string_view mark = "@PROGRAMS@";
    for (auto at = script.find(mark); at != std::string::npos; at = script.find(mark)) {
        script.replace(at, mark.size(), names);
    }
    return script;
}

}  // namespace coven::cli
