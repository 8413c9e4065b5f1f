/** What a shell asks the command itself, with the words up to the cursor. */
export const askCommand = '__complete';

interface ShellScript {
  /** How it gets into the shell. */
  install: string;
  text: string;
}

// Each asks `slipway __complete` and knows nothing else. No word that comes back is evaluated: `compgen -W` would.
const bash = `_slipway() {
  local line cur="\${COMP_WORDS[COMP_CWORD]}"
  [[ "$cur" == '=' ]] && cur=''
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    if [[ "$line" == ':files' ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("$line")
    fi
  done < <("\${COMP_WORDS[0]}" ${askCommand} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _slipway slipway
`;

const zsh = `#compdef slipway
_slipway() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" ${askCommand} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == ':files' ]]; then
      compset -P '--*='
      _files
      return
    elif [[ -n "$line" ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( \${#found} )) && _describe slipway found
}
if [[ "\${funcstack[1]}" == '_slipway' ]]; then
  _slipway "$@"
else
  compdef _slipway slipway
fi
`;

const fish = `function __slipway_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] ${askCommand} -- $words[2..] 2>/dev/null)
        if test "$line" = ':files'
            set -l before (string match -r -- '^--[^=]+=' $words[-1])
            for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' $words[-1]))
                echo "$before$path"
            end
        else
            echo $line
        end
    end
end
complete -c slipway -f -a '(__slipway_complete)'
`;

export const shells: Record<string, ShellScript> = {
  bash: {
    install: 'add to ~/.bashrc:                    eval "$(slipway completion bash)"',
    text: bash,
  },
  zsh: {
    install: 'add to ~/.zshrc, after compinit:     eval "$(slipway completion zsh)"',
    text: zsh,
  },
  fish: {
    install: 'once:    slipway completion fish > ~/.config/fish/completions/slipway.fish',
    text: fish,
  },
};
